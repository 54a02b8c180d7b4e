"""No number comes twice; sessions of an advice or a version are found with their language.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NUMBERED = ("session", "handover", "taught", "outbox")


def upgrade() -> None:
    op.create_table(
        "gone",
        sa.Column("name", sa.Text(), nullable=False, comment="a table whose rows have numbers"),
        sa.Column("number", sa.BigInteger(), nullable=False, comment="the highest of those that were deleted"),
        sa.PrimaryKeyConstraint("name"),
        comment="So that no number comes twice. Triggers write it.",
        if_not_exists=True,  # for two hours of 22 November 0004 made it
    )
    for name, column in (("session_by_advice", "advised"), ("session_by_version", "dialog_version")):
        op.drop_index(name, "session")
        op.create_index(name, "session", [column, "id", "language"])


def downgrade() -> None:
    for name, column in (("session_by_advice", "advised"), ("session_by_version", "dialog_version")):
        op.drop_index(name, "session")
        op.create_index(name, "session", [column, "id"])
    for name in NUMBERED:
        op.execute(f"DROP TRIGGER IF EXISTS {name}_gone")
    op.drop_table("gone")
