"""Run by Alembic. The connection is handed over by `inters4.core.migrate`."""

from alembic import context

from inters4.core.db import Model

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Model.metadata,
    compare_type=True,
    render_as_batch=connection.dialect.name == "sqlite",
    user_module_prefix="db.",
)
with context.begin_transaction():
    context.run_migrations()
