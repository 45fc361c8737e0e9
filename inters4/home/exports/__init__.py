"""What leaves home: its pages as files, questions as CSV, and the facts that mails tell."""
