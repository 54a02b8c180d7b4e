"""Review: who looks, traffic, search, labels; and the rights of owners.

Revision ID: 0004
Revises: 0003
"""

from hashlib import blake2b

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False, comment="the admin; 0: somebody at the terminal"),
        sa.Column(
            "act", sa.Text(), nullable=False, comment="what was done: signed-in, looked, exported, named, labelled, ..."
        ),
        sa.Column(
            "what",
            sa.Text(),
            nullable=False,
            comment="the page or the session, with its filter; never an owner's words",
        ),
        sa.PrimaryKeyConstraint("id"),
        comment="Who looked at and exported what. It outlives what was looked at.",
    )
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index("audit_by_time", ["at"], unique=False)

    op.create_table(
        "login",
        sa.Column(
            "digest", sa.LargeBinary(), nullable=False, comment="of the link's 128 random bits; they stand nowhere"
        ),
        sa.Column("person_id", sa.BigInteger(), nullable=False, comment="the only one it signs in"),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=False, comment="0: not yet"),
        sa.PrimaryKeyConstraint("digest"),
        comment="One-time links to the review pages.",
    )
    op.create_table(
        "seal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "token",
            sa.LargeBinary(),
            nullable=False,
            comment="the key of digests, encrypted with a key of the key file",
        ),
        sa.Column("whole", sa.Boolean(), nullable=False, comment="nothing is left that should be encrypted and is not"),
        sa.PrimaryKeyConstraint("id"),
        comment="The keys that may have encrypted something here, a row each; none: nothing is encrypted.",
    )
    op.create_table(
        "secret",
        sa.Column(
            "name", sa.Text(), nullable=False, comment="pseudonyms: what makes an owner's name in review of a chat's id"
        ),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
        comment="Random bytes of this database, made when they are needed first.",
    )
    op.create_table(
        "traffic",
        sa.Column("dialog_version", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.Column("node", sa.Text(), nullable=False, comment="the question; empty: the session as a whole"),
        sa.Column("what", sa.Text(), nullable=False, comment="shown, answer:OPTION, help, ...; advice:CANDIDATE"),
        sa.Column(
            "day",
            sa.Integer(),
            autoincrement=False,
            nullable=False,
            comment="on which its sessions began, as days since 1970 (UTC); after two months the first of its month",
        ),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("dialog_version", "language", "simulated", "node", "what", "day"),
        comment="How often what happened where: counted with the turn, anonymous, kept when sessions go.",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "visit",
        sa.Column("digest", sa.LargeBinary(), nullable=False, comment="of the cookie; the cookie stands nowhere"),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("begun_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("digest"),
        comment="Admins who are signed in to the review pages.",
    )
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_visit_person_id"), ["person_id"], unique=False)

    op.create_table(
        "label",
        sa.Column("session_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("by", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("session_id", "label"),
        comment="The labels of a session.",
    )
    with op.batch_alter_table("label", schema=None) as batch_op:
        batch_op.create_index("label_by_name", ["label", "session_id"], unique=False)

    op.create_table(
        "remark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        comment="What admins noted about a session.",
    )
    with op.batch_alter_table("remark", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_remark_session_id"), ["session_id"], unique=False)

    op.create_table(
        "review",
        sa.Column("session_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("flagged", sa.Boolean(), nullable=False),
        sa.Column("reviewed_by", sa.BigInteger(), nullable=False, comment="0: nobody yet"),
        sa.Column("reviewed_name", sa.Text(), nullable=False),
        sa.Column("reviewed_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["session.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("session_id"),
        comment="What admins made of a session.",
    )
    with op.batch_alter_table("review", schema=None) as batch_op:
        batch_op.create_index("review_by_state", ["flagged", "session_id"], unique=False)

    with op.batch_alter_table("failed_update", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "chat_id",
                sa.BigInteger(),
                server_default="0",
                nullable=False,
                comment="the owner's chat it came from; 0: from none",
            )
        )
        batch_op.create_index(batch_op.f("ix_failed_update_chat_id"), ["chat_id"], unique=False)

    with op.batch_alter_table("handover", schema=None) as batch_op:
        batch_op.create_index(
            "handover_by_rating", ["rating", "session_id"], unique=False, sqlite_where=sa.text("rating > 0")
        )
        batch_op.create_index("handover_by_session", ["session_id"], unique=False)

    with op.batch_alter_table("opinions", schema=None) as batch_op:
        batch_op.create_index("opinion_by_verdict", ["helpful", "session_id"], unique=False)

    with op.batch_alter_table("questions", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("digest", sa.LargeBinary(), nullable=True, comment="of the text, by which it is found again")
        )
        batch_op.drop_index(batch_op.f("question_once"))
        batch_op.create_index("question_once", ["session_id", "language", "digest"], unique=True)
    _fill_digests()

    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "simulated", sa.Boolean(), server_default="0", nullable=False, comment="made by `advisor simulate`"
            )
        )
        batch_op.add_column(
            sa.Column(
                "moved", sa.Boolean(), server_default="0", nullable=False, comment="its dialog version changed half-way"
            )
        )
        batch_op.add_column(
            sa.Column(
                "met",
                sa.Text(),
                server_default="",
                nullable=False,
                comment="questions it was shown, a bit each, as hexadecimal digits; empty: it was never counted",
            )
        )
        batch_op.add_column(
            sa.Column(
                "stands",
                sa.Text(),
                server_default="",
                nullable=False,
                comment="the question it was shown and has not answered; advice; empty: none, or it was begun anew",
            )
        )
        batch_op.create_index("session_by_advice", ["advised", "id"], unique=False)
        batch_op.create_index("session_by_begin", ["begun_at", "id"], unique=False)
        batch_op.create_index("session_by_language", ["language", "id"], unique=False)
        batch_op.create_index("session_by_place", ["stands", "id"], unique=False)
        batch_op.create_index("session_by_version", ["dialog_version", "id"], unique=False)
        batch_op.create_index("session_simulated", ["id"], unique=False, sqlite_where=sa.text("simulated"))

    with op.batch_alter_table("transcript", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "taken",
                sa.Text(),
                server_default="",
                nullable=False,
                comment="the button that a text pressed; person: told them",
            )
        )
        batch_op.create_index("transcript_by_digest", ["digest"], unique=False)


def _fill_digests() -> None:
    """Of the questions that were asked before: no file of that time is encrypted, so they are made without a key."""
    driver = op.get_bind().connection.driver_connection
    assert driver is not None
    driver.create_function("digest_of", 1, lambda text: blake2b(text.encode(), digest_size=16).digest())
    op.execute("UPDATE questions SET digest = digest_of(text)")


def _drop_words() -> None:
    """The table of words is no part of the schema (bot/store/words.py): without its triggers it would be wrong."""
    for what in ("TRIGGER words_written", "TRIGGER words_deleted", "TABLE words_known", "TABLE words"):
        kind, name = what.split()
        op.execute(f"DROP {kind} IF EXISTS {name}")


def downgrade() -> None:
    if op.get_bind().execute(sa.text("SELECT 1 FROM seal")).first():
        raise RuntimeError("The texts are encrypted, which older versions cannot read: advisor rotate-key --decrypt")
    _drop_words()
    with op.batch_alter_table("transcript", schema=None) as batch_op:
        batch_op.drop_index("transcript_by_digest")
        batch_op.drop_column("taken")

    with op.batch_alter_table("session", schema=None) as batch_op:
        batch_op.drop_index("session_simulated", sqlite_where=sa.text("simulated"))
        batch_op.drop_index("session_by_version")
        batch_op.drop_index("session_by_place")
        batch_op.drop_index("session_by_language")
        batch_op.drop_index("session_by_begin")
        batch_op.drop_index("session_by_advice")
        batch_op.drop_column("stands")
        batch_op.drop_column("met")
        batch_op.drop_column("moved")
        batch_op.drop_column("simulated")

    with op.batch_alter_table("questions", schema=None) as batch_op:
        batch_op.drop_index("question_once")
        batch_op.create_index(batch_op.f("question_once"), ["session_id", "language", "text"], unique=1)
        batch_op.drop_column("digest")

    with op.batch_alter_table("opinions", schema=None) as batch_op:
        batch_op.drop_index("opinion_by_verdict")

    with op.batch_alter_table("handover", schema=None) as batch_op:
        batch_op.drop_index("handover_by_session")
        batch_op.drop_index("handover_by_rating", sqlite_where=sa.text("rating > 0"))

    with op.batch_alter_table("failed_update", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_failed_update_chat_id"))
        batch_op.drop_column("chat_id")

    with op.batch_alter_table("review", schema=None) as batch_op:
        batch_op.drop_index("review_by_state")

    op.drop_table("review")
    with op.batch_alter_table("remark", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_remark_session_id"))

    op.drop_table("remark")
    with op.batch_alter_table("label", schema=None) as batch_op:
        batch_op.drop_index("label_by_name")

    op.drop_table("label")
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_visit_person_id"))

    op.drop_table("visit")
    op.drop_table("traffic")
    op.drop_table("secret")
    op.drop_table("seal")
    op.drop_table("login")
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.drop_index("audit_by_time")

    op.drop_table("audit")
