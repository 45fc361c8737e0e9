"""Finding: what is asked, the page that answers, and the index that follows the database."""
