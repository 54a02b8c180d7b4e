"""What was asked about last, what could not be answered, what owners thought of the answers.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("session", schema=None) as batch_op:
        about = "knowledge cell answered last; empty: none"
        batch_op.add_column(sa.Column("about", sa.Text(), server_default="", nullable=False, comment=about))
    op.create_table(
        "questions",
        sa.Column("id", sa.Integer(), nullable=False, comment="its number, in the order of asking"),
        sa.Column("chat_id", sa.BigInteger(), nullable=False, comment="where an answer would go"),
        sa.Column("session_id", sa.BigInteger(), nullable=False, comment="in which session it was asked"),
        sa.Column("language", sa.Text(), nullable=False, comment="of the question, not of the chat"),
        sa.Column(
            "text",
            sa.Text(),
            nullable=False,
            comment="the owner's very words; empty: a person was wished for, and nothing asked",
        ),
        sa.Column(
            "wants", sa.Text(), nullable=False, comment="suggested: near answers were offered; unknown: none; person"
        ),
        sa.Column("asked_at", sa.BigInteger(), nullable=False, comment="when it was asked last"),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        comment="What the bot could not answer, for staff and authors.",
    )
    with op.batch_alter_table("questions", schema=None) as batch_op:
        batch_op.create_index("question_once", ["session_id", "language", "text"], unique=True)

    op.create_table(
        "opinions",
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False, comment="whose owner thinks so"),
        sa.Column("cell", sa.Text(), nullable=False, comment="the answer, by the name of its knowledge cell"),
        sa.Column("session_id", sa.BigInteger(), nullable=False, comment="in which session it was pressed last"),
        sa.Column("language", sa.Text(), nullable=False, comment="in which it was read when it was pressed last"),
        sa.Column("helpful", sa.Boolean(), nullable=False, comment="what was pressed last"),
        sa.Column("at", sa.BigInteger(), nullable=False, comment="when it was pressed last"),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("chat_id", "cell"),
        comment="Whether owners found an answer helpful: one opinion a chat and answer.",
    )
    with op.batch_alter_table("opinions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_opinions_session_id"), ["session_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("opinions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_opinions_session_id"))

    op.drop_table("opinions")
    with op.batch_alter_table("questions", schema=None) as batch_op:
        batch_op.drop_index("question_once")

    op.drop_table("questions")
    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.drop_column("about")
