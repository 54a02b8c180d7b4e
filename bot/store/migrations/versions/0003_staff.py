"""The staff: roles, handovers, topics, notes, taught answers, and what the outbox brings to their group.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "role",
        sa.Column("person_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("role", sa.Text(), nullable=False, comment="staff, admin; former: it was taken away"),
        sa.Column("name", sa.Text(), nullable=False, comment="as they call themselves; for the staff to read"),
        sa.Column(
            "by", sa.BigInteger(), nullable=False, comment="who granted or took it; 0: the settings, or Telegram (left)"
        ),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("person_id"),
        comment="Who may do what among the staff; everybody else may nothing.",
    )
    op.create_table(
        "staff_chat",
        sa.Column("configured", sa.BigInteger(), autoincrement=False, nullable=False, comment="the id in the settings"),
        sa.Column(
            "chat_id", sa.BigInteger(), nullable=False, comment="its id today: a group that grew has another one"
        ),
        sa.Column(
            "lacks", sa.Text(), nullable=False, comment="what we lacked there when the admins were last told, as JSON"
        ),
        sa.PrimaryKeyConstraint("configured"),
        comment="The staff's group.",
    )
    op.create_table(
        "taught",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("state", sa.Text(), nullable=False, comment="draft, submitted, approved, refused"),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False, comment="the answer, plain"),
        sa.Column("concept", sa.Text(), nullable=False, comment="id of a concept; empty: of none"),
        sa.Column("facet", sa.Text(), nullable=False, comment="empty: of none"),
        sa.Column("handover_id", sa.BigInteger(), nullable=False, comment="from which it came"),
        sa.Column("by", sa.BigInteger(), nullable=False),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.Column("approved_by", sa.BigInteger(), nullable=False, comment="0: nobody yet"),
        sa.Column("approved_name", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("approved_at", sa.BigInteger(), nullable=False),
        sa.Column("card_id", sa.BigInteger(), nullable=False, comment="outbox row of the draft in the staff's group"),
        sa.Column("approved_on", sa.Text(), nullable=False, comment="the day, as owners read it"),
        sa.PrimaryKeyConstraint("id"),
        comment="Answers that the staff taught: live once an admin approved them.",
    )
    op.create_table(
        "topic",
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False, comment="the owner's chat"),
        sa.Column("staff_chat", sa.BigInteger(), nullable=False),
        sa.Column("thread_id", sa.BigInteger(), nullable=False, comment="Telegram's id of the topic"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("chat_id"),
        comment="The topic of an owner in the staff's group: one an owner, used again.",
    )
    with op.batch_alter_table("topic", schema=None) as batch_op:
        batch_op.create_index("topic_by_thread", ["staff_chat", "thread_id"], unique=True)

    op.create_table(
        "handover",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("session_id", sa.BigInteger(), nullable=False, comment="in which session the person was wished for"),
        sa.Column("kind", sa.Text(), nullable=False, comment="question: one was passed on; chat: the whole chat"),
        sa.Column("state", sa.Text(), nullable=False, comment="waiting, claimed, returned"),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False, comment="the owner's name, for the staff"),
        sa.Column(
            "question", sa.Text(), nullable=False, comment="the owner's words; empty: only a person was wished for"
        ),
        sa.Column("wished_at", sa.BigInteger(), nullable=False),
        sa.Column("claimed_by", sa.BigInteger(), nullable=False, comment="the staff member who has it; 0: nobody"),
        sa.Column("claimed_name", sa.Text(), nullable=False),
        sa.Column("claimed_at", sa.BigInteger(), nullable=False),
        sa.Column("owner_at", sa.BigInteger(), nullable=False, comment="when the owner spoke last"),
        sa.Column("staff_at", sa.BigInteger(), nullable=False, comment="when the staff spoke last, or claimed"),
        sa.Column("ended_at", sa.BigInteger(), nullable=False),
        sa.Column("ending", sa.Text(), nullable=False, comment="closed, owner, silence, blocked; empty: not ended"),
        sa.Column("card_id", sa.BigInteger(), nullable=False, comment="outbox row of the newest card"),
        sa.Column("overdue_told", sa.Boolean(), nullable=False),
        sa.Column("silence_told", sa.Boolean(), nullable=False),
        sa.Column(
            "rating", sa.Integer(), nullable=False, comment="what the owner thinks of the help, 1 to 5; 0: not said"
        ),
        sa.ForeignKeyConstraint(["chat_id"], ["chat.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        comment="A person is asked for, speaks, and gives the chat back: at most one open handover a chat.",
    )
    with op.batch_alter_table("handover", schema=None) as batch_op:
        batch_op.create_index("handover_by_chat", ["chat_id", "id"], unique=False)
        batch_op.create_index("handover_open", ["chat_id"], unique=True, sqlite_where=sa.text("state <> 'returned'"))

    op.create_table(
        "note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("handover_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["handover_id"], ["handover.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        comment="What the staff noted about a handover; owners never see it.",
    )
    with op.batch_alter_table("note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_note_handover_id"), ["handover_id"], unique=False)

    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "what",
                sa.Text(),
                server_default="text",
                nullable=False,
                comment="text, copy (of a message), caption (of a copy), card, topic (its name and whether it is open)",
            )
        )
        batch_op.add_column(
            sa.Column(
                "handover_id",
                sa.BigInteger(),
                nullable=True,
                comment="of which handover it is told to the staff; empty: of none",
            )
        )
        batch_op.add_column(
            sa.Column(
                "source_chat", sa.BigInteger(), nullable=True, comment="the chat whose message this brings, or copies"
            )
        )
        batch_op.add_column(sa.Column("source_message", sa.BigInteger(), nullable=True, comment="that message"))
        batch_op.add_column(
            sa.Column(
                "brief",
                sa.Text(),
                server_default="",
                nullable=False,
                comment="a card in a line, should many have to wait",
            )
        )
        batch_op.add_column(
            sa.Column(
                "thread",
                sa.BigInteger(),
                server_default="0",
                nullable=False,
                comment="topic to post in that is of no handover",
            )
        )
        batch_op.add_column(
            sa.Column(
                "batched", sa.Boolean(), server_default="0", nullable=False, comment="told as a line among others"
            )
        )
        batch_op.create_index("outbox_by_handover", ["handover_id", "id"], unique=False)
        batch_op.create_index("outbox_by_message", ["chat_id", "message_id"], unique=False)
        batch_op.create_index("outbox_by_source", ["source_chat", "source_message"], unique=False)

    with op.batch_alter_table("questions", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "tell",
                sa.Boolean(),
                server_default="0",
                nullable=False,
                comment="the owner wants to hear when it is answered",
            )
        )
        batch_op.add_column(
            sa.Column(
                "taught_id", sa.Integer(), nullable=True, comment="the taught answer that answers it; empty: none yet"
            )
        )
        batch_op.add_column(
            sa.Column("told_at", sa.BigInteger(), nullable=True, comment="when the owner was told of that answer")
        )


def downgrade() -> None:
    with op.batch_alter_table("questions", schema=None) as batch_op:
        batch_op.drop_column("told_at")
        batch_op.drop_column("taught_id")
        batch_op.drop_column("tell")

    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index("outbox_by_source")
        batch_op.drop_index("outbox_by_message")
        batch_op.drop_index("outbox_by_handover")
        batch_op.drop_column("batched")
        batch_op.drop_column("thread")
        batch_op.drop_column("brief")
        batch_op.drop_column("source_message")
        batch_op.drop_column("source_chat")
        batch_op.drop_column("handover_id")
        batch_op.drop_column("what")

    with op.batch_alter_table("note", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_note_handover_id"))

    op.drop_table("note")
    with op.batch_alter_table("handover", schema=None) as batch_op:
        batch_op.drop_index("handover_open", sqlite_where=sa.text("state <> 'returned'"))
        batch_op.drop_index("handover_by_chat")

    op.drop_table("handover")
    with op.batch_alter_table("topic", schema=None) as batch_op:
        batch_op.drop_index("topic_by_thread")

    op.drop_table("topic")
    op.drop_table("taught")
    op.drop_table("staff_chat")
    op.drop_table("role")
