"""The tables, a sentence for each. Times are epoch milliseconds; JSON is text."""

from typing import Final

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, LargeBinary, MetaData, Table, Text, text

HEAD: Final = "0006"
"""The newest migration; a test holds it against the files in `migrations/versions`."""

SEALED: Final = Text()
"""Free text and names. Under a key what is written there is encrypted by `Database`, all but the empty text."""
DIGEST: Final = LargeBinary()
"""A digest of such a text, by which it is found again. Under a key it is made with one: short texts can be guessed."""

metadata = MetaData()

seal = Table(
    "seal",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("token", LargeBinary, nullable=False, comment="the key of digests, encrypted with a key of the key file"),
    Column("whole", Boolean, nullable=False, comment="nothing is left that should be encrypted and is not"),
    comment="The keys that may have encrypted something here, a row each; none: nothing is encrypted.",
)

bot = Table(
    "bot",
    metadata,
    Column("id", BigInteger, primary_key=True),
    Column("running", Boolean, nullable=False, default=False),
    comment="The one bot this database belongs to; `running` stays true when it was stopped uncleanly.",
)

seen_update = Table(
    "seen_update",
    metadata,
    Column("update_id", BigInteger, primary_key=True),
    Column("seen_at", BigInteger, nullable=False, index=True),
    comment="Updates whose turn has been written, kept 48 hours, so that none is taken twice.",
)

update_try = Table(
    "update_try",
    metadata,
    Column("update_id", BigInteger, primary_key=True),
    Column("tries", Integer, nullable=False),
    comment="How often an update was begun after an unclean stop, committed before each try.",
)

failed_update = Table(
    "failed_update",
    metadata,
    Column("update_id", BigInteger, primary_key=True),
    Column("failed_at", BigInteger, nullable=False),
    Column("why", Text, nullable=False, comment="failed, or quarantined"),
    Column("error", SEALED, nullable=False),
    Column("payload", SEALED, nullable=False),
    Column("chat_id", BigInteger, nullable=False, server_default="0", index=True,
           comment="the owner's chat it came from; 0: from none"),
    comment="Updates that broke, alone, with what they held and how they broke.",
)  # fmt: skip

chat = Table(
    "chat",
    metadata,
    Column("id", BigInteger, primary_key=True),
    Column("language", Text, nullable=False),
    Column("consent", Text, nullable=False, comment="version of the privacy text agreed to"),
    Column("consented_at", BigInteger, nullable=False),
    Column("session_id", BigInteger, nullable=False, comment="the session that goes on"),
    Column("question_id", BigInteger, nullable=False, comment="outbox row of the last question; 0: none"),
    Column("texted", Boolean, nullable=False, comment="we just said that we read text and buttons only"),
    Column("apologised_at", BigInteger, nullable=False, comment="for what came before this, an apology was given"),
    Column("blocked_at", BigInteger, comment="since when the owner blocks the bot"),
    comment="An owner's chat, from consent on.",
)

dialog_version = Table(
    "dialog_version",
    metadata,
    Column("version", Text, primary_key=True),
    Column("files", Text, nullable=False, comment="file name -> content, as JSON"),
    Column("stored_at", BigInteger, nullable=False),
    comment="The dialog files as they were, by fingerprint: a session keeps the version it began with.",
)

session = Table(
    "session",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("chat_id", BigInteger, ForeignKey("chat.id", ondelete="CASCADE"), nullable=False),
    Column("dialog_version", Text, ForeignKey("dialog_version.version"), nullable=False),
    Column("language", Text, nullable=False),
    Column("step", Integer, nullable=False),
    Column("answers", Text, nullable=False, comment="question -> option, as JSON"),
    Column("open", Text, nullable=False, comment="a confirmation that waits"),
    Column("advised", Text, nullable=False, comment="candidate last recommended; not-enough; empty: none yet"),
    Column("about", Text, nullable=False, server_default="", comment="knowledge cell answered last; empty: none"),
    Column("lines", Integer, nullable=False, comment="lines in its transcript"),
    Column("begun_at", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
    Column("simulated", Boolean, nullable=False, server_default="0", comment="made by `advisor simulate`"),
    Column("moved", Boolean, nullable=False, server_default="0", comment="its dialog version changed half-way"),
    Column("met", Text, nullable=False, server_default="",
           comment="questions it was shown, a bit each, as hexadecimal digits; empty: it was never counted"),
    Column("stands", Text, nullable=False, server_default="",
           comment="the question it was shown and has not answered; advice; empty: none, or it was begun anew"),
    Index("session_by_place", "stands", "id"),
    Index("session_by_chat", "chat_id", "id"),
    Index("session_by_time", "updated_at"),
    Index("session_by_begin", "begun_at", "id"),
    Index("session_by_language", "language", "id"),
    # The language last: it is asked for with them, and is found without looking at the sessions.
    Index("session_by_advice", "advised", "id", "language"),
    Index("session_by_version", "dialog_version", "id", "language"),
    Index("session_simulated", "id", sqlite_where=text("simulated")),
    comment="One owner's walk from start to advice. Where it stands is computed from `answers`.",
)  # fmt: skip

wording = Table(
    "wording",
    metadata,
    Column("digest", DIGEST, primary_key=True),
    Column("text", SEALED, nullable=False),
    comment="Shown texts, each once.",
    sqlite_with_rowid=False,
)

transcript = Table(
    "transcript",
    metadata,
    Column("session_id", BigInteger, ForeignKey("session.id", ondelete="CASCADE"), primary_key=True),
    Column("line", Integer, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("who", Text, nullable=False, comment="owner, bot or staff"),
    Column("kind", Text, nullable=False, comment="said, pressed, commanded, sent, late; reply, edit, toast"),
    # No foreign keys to `wording`: wordings.py deletes those that nobody else uses, and this index tells it.
    Column("digest", DIGEST, nullable=False, comment="of its wording"),
    Column("buttons", DIGEST, comment="digest of: labels and data of the buttons, as JSON"),
    Column(
        "taken", Text, nullable=False, server_default="", comment="the button that a text pressed; person: told them"
    ),
    Index("transcript_by_digest", "digest"),
    comment="What was said, by whom, in order, in the very words shown.",
    sqlite_with_rowid=False,
)

questions = Table(
    "questions",
    metadata,
    Column("id", Integer, primary_key=True, comment="its number, in the order of asking"),
    Column("chat_id", BigInteger, nullable=False, comment="where an answer would go"),
    Column("session_id", BigInteger, ForeignKey("session.id", ondelete="CASCADE"), nullable=False,
           comment="in which session it was asked"),
    Column("language", Text, nullable=False, comment="of the question, not of the chat"),
    Column("text", SEALED, nullable=False,
           comment="the owner's very words; empty: a person was wished for, and nothing asked"),
    Column("digest", DIGEST, comment="of the text, by which it is found again"),
    Column("wants", Text, nullable=False, comment="suggested: near answers were offered; unknown: none; person"),
    Column("asked_at", BigInteger, nullable=False, comment="when it was asked last"),
    Column("tell", Boolean, nullable=False, server_default="0", comment="the owner wants to hear when it is answered"),
    Column("taught_id", Integer, comment="the taught answer that answers it; empty: none yet"),
    Column("told_at", BigInteger, comment="when the owner was told of that answer"),
    Index("question_once", "session_id", "language", "digest", unique=True),
    comment="What the bot could not answer, for staff and authors.",
)  # fmt: skip

opinions = Table(
    "opinions",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False, comment="whose owner thinks so"),
    Column("cell", Text, primary_key=True, comment="the answer, by the name of its knowledge cell"),
    Column("session_id", BigInteger, ForeignKey("session.id", ondelete="CASCADE"), nullable=False, index=True,
           comment="in which session it was pressed last"),
    Column("language", Text, nullable=False, comment="in which it was read when it was pressed last"),
    Column("helpful", Boolean, nullable=False, comment="what was pressed last"),
    Column("at", BigInteger, nullable=False, comment="when it was pressed last"),
    Index("opinion_by_verdict", "helpful", "session_id"),
    comment="Whether owners found an answer helpful: one opinion a chat and answer.",
)  # fmt: skip

outbox = Table(
    "outbox",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("chat_id", BigInteger, nullable=False, index=True),
    Column("text", SEALED, nullable=False),
    Column("buttons", SEALED, nullable=False, comment="rows of [label, data], as JSON"),
    Column("edits_message", BigInteger, comment="this edits the message with this Telegram id"),
    Column("edits_row", BigInteger, comment="this edits the message that this outbox row became"),
    Column("created_at", BigInteger, nullable=False),
    Column("state", Text, nullable=False, comment="new, sent, failed"),
    Column("done_at", BigInteger),
    Column("message_id", BigInteger, comment="the Telegram message it became"),
    Column("error", SEALED),
    Column(
        "what",
        Text,
        nullable=False,
        server_default="text",
        comment="text, copy (of a message), caption (of a copy), card, topic (its name and whether it is open), login, "
        "mydata (a file, made when it is delivered), forgotten (the last message to an owner)",
    ),
    Column("handover_id", BigInteger, comment="of which handover it is told to the staff; empty: of none"),
    Column("source_chat", BigInteger, comment="the chat whose message this brings, or copies"),
    Column("source_message", BigInteger, comment="that message"),
    Column("brief", SEALED, nullable=False, server_default="", comment="a card in a line, should many have to wait"),
    Column("thread", BigInteger, nullable=False, server_default="0", comment="topic to post in that is of no handover"),
    Column("batched", Boolean, nullable=False, server_default="0", comment="told as a line among others"),
    Index("outbox_by_state", "state", "id"),
    Index("outbox_by_source", "source_chat", "source_message"),
    Index("outbox_by_message", "chat_id", "message_id"),
    Index("outbox_by_handover", "handover_id", "id"),
    comment="Messages decided and stored, in order; what is `new` has not been delivered.",
)

role = Table(
    "role",
    metadata,
    Column("person_id", BigInteger, primary_key=True, autoincrement=False),
    Column("role", Text, nullable=False, comment="staff, admin; former: it was taken away"),
    Column("name", SEALED, nullable=False, comment="as they call themselves; for the staff to read"),
    Column("by", BigInteger, nullable=False, comment="who granted or took it; 0: the settings, or Telegram (left)"),
    Column("at", BigInteger, nullable=False),
    comment="Who may do what among the staff; everybody else may nothing.",
)

staff_chat = Table(
    "staff_chat",
    metadata,
    Column("configured", BigInteger, primary_key=True, autoincrement=False, comment="the id in the settings"),
    Column("chat_id", BigInteger, nullable=False, comment="its id today: a group that grew has another one"),
    Column("lacks", Text, nullable=False, comment="what we lacked there when the admins were last told, as JSON"),
    comment="The staff's group.",
)

topic = Table(
    "topic",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False, comment="the owner's chat"),
    Column("staff_chat", BigInteger, nullable=False),
    Column("thread_id", BigInteger, nullable=False, comment="Telegram's id of the topic"),
    Column("name", SEALED, nullable=False),
    Column("open", Boolean, nullable=False),
    Index("topic_by_thread", "staff_chat", "thread_id", unique=True),
    comment="The topic of an owner in the staff's group: one an owner, used again.",
)

handover = Table(
    "handover",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("chat_id", BigInteger, ForeignKey("chat.id", ondelete="CASCADE"), nullable=False),
    Column("session_id", BigInteger, nullable=False, comment="in which session the person was wished for"),
    Column("kind", Text, nullable=False, comment="question: one was passed on; chat: the whole chat"),
    Column("state", Text, nullable=False, comment="waiting, claimed, returned"),
    Column("language", Text, nullable=False),
    Column("name", SEALED, nullable=False, comment="the owner's name, for the staff"),
    Column("question", SEALED, nullable=False, comment="the owner's words; empty: only a person was wished for"),
    Column("wished_at", BigInteger, nullable=False),
    Column("claimed_by", BigInteger, nullable=False, comment="the staff member who has it; 0: nobody"),
    Column("claimed_name", SEALED, nullable=False),
    Column("claimed_at", BigInteger, nullable=False),
    Column("owner_at", BigInteger, nullable=False, comment="when the owner spoke last"),
    Column("staff_at", BigInteger, nullable=False, comment="when the staff spoke last, or claimed"),
    Column("ended_at", BigInteger, nullable=False),
    Column("ending", Text, nullable=False, comment="closed, owner, silence, blocked; empty: not ended"),
    Column("card_id", BigInteger, nullable=False, comment="outbox row of the newest card"),
    Column("overdue_told", Boolean, nullable=False),
    Column("silence_told", Boolean, nullable=False),
    Column("rating", Integer, nullable=False, comment="what the owner thinks of the help, 1 to 5; 0: not said"),
    Index("handover_open", "chat_id", unique=True, sqlite_where=text("state <> 'returned'")),
    Index("handover_by_chat", "chat_id", "id"),
    Index("handover_by_session", "session_id"),
    Index("handover_by_rating", "rating", "session_id", sqlite_where=text("rating > 0")),
    comment="A person is asked for, speaks, and gives the chat back: at most one open handover a chat.",
)

note = Table(
    "note",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("handover_id", BigInteger, ForeignKey("handover.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("at", BigInteger, nullable=False),
    Column("by", BigInteger, nullable=False),
    Column("name", SEALED, nullable=False),
    Column("text", SEALED, nullable=False),
    comment="What the staff noted about a handover; owners never see it.",
)

taught = Table(
    "taught",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("state", Text, nullable=False, comment="draft, submitted, approved, refused"),
    Column("language", Text, nullable=False),
    Column("question", SEALED, nullable=False),
    Column("text", SEALED, nullable=False, comment="the answer, plain"),
    Column("concept", Text, nullable=False, comment="id of a concept; empty: of none"),
    Column("facet", Text, nullable=False, comment="empty: of none"),
    Column("handover_id", BigInteger, nullable=False, comment="from which it came"),
    Column("by", BigInteger, nullable=False),
    Column("by_name", SEALED, nullable=False),
    Column("approved_by", BigInteger, nullable=False, comment="0: nobody yet"),
    Column("approved_name", SEALED, nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("approved_at", BigInteger, nullable=False),
    Column("card_id", BigInteger, nullable=False, comment="outbox row of the draft in the staff's group"),
    Column("approved_on", Text, nullable=False, comment="the day, as owners read it"),
    comment="Answers that the staff taught: live once an admin approved them.",
)

login = Table(
    "login",
    metadata,
    Column("digest", LargeBinary, primary_key=True, comment="of the link's 128 random bits; they stand nowhere"),
    Column("person_id", BigInteger, nullable=False, comment="the only one it signs in"),
    Column("made_at", BigInteger, nullable=False),
    Column("used_at", BigInteger, nullable=False, comment="0: not yet"),
    comment="One-time links to the review pages.",
)

visit = Table(
    "visit",
    metadata,
    Column("digest", LargeBinary, primary_key=True, comment="of the cookie; the cookie stands nowhere"),
    Column("person_id", BigInteger, nullable=False, index=True),
    Column("begun_at", BigInteger, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
    comment="Admins who are signed in to the review pages.",
)

audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("person_id", BigInteger, nullable=False, comment="the admin; 0: somebody at the terminal"),
    Column("act", Text, nullable=False, comment="what was done: signed-in, looked, exported, named, labelled, ..."),
    Column("what", SEALED, nullable=False, comment="the page or the session, with its filter; never an owner's words"),
    Index("audit_by_time", "at"),
    comment="Who looked at and exported what. It outlives what was looked at.",
)

review = Table(
    "review",
    metadata,
    Column("session_id", BigInteger, ForeignKey("session.id", ondelete="CASCADE"), primary_key=True,
           autoincrement=False),
    Column("flagged", Boolean, nullable=False),
    Column("reviewed_by", BigInteger, nullable=False, comment="0: nobody yet"),
    Column("reviewed_name", SEALED, nullable=False),
    Column("reviewed_at", BigInteger, nullable=False),
    Index("review_by_state", "flagged", "session_id"),
    comment="What admins made of a session.",
)  # fmt: skip

label = Table(
    "label",
    metadata,
    Column("session_id", BigInteger, ForeignKey("session.id", ondelete="CASCADE"), primary_key=True,
           autoincrement=False),
    Column("label", Text, primary_key=True),
    Column("by", BigInteger, nullable=False),
    Column("at", BigInteger, nullable=False),
    Index("label_by_name", "label", "session_id"),
    comment="The labels of a session.",
)  # fmt: skip

remark = Table(
    "remark",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("session_id", BigInteger, ForeignKey("session.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("at", BigInteger, nullable=False),
    Column("by", BigInteger, nullable=False),
    Column("name", SEALED, nullable=False),
    Column("text", SEALED, nullable=False),
    comment="What admins noted about a session.",
)

gone = Table(
    "gone",
    metadata,
    Column("name", Text, primary_key=True, comment="a table whose rows have numbers"),
    Column("number", BigInteger, nullable=False, comment="the highest of those that were deleted"),
    comment="So that no number comes twice. Triggers write it.",
)

secret = Table(
    "secret",
    metadata,
    Column("name", Text, primary_key=True, comment="pseudonyms: what makes an owner's name in review of a chat's id"),
    Column("value", LargeBinary, nullable=False),
    comment="Random bytes of this database, made when they are needed first.",
)

traffic = Table(
    "traffic",
    metadata,
    Column("dialog_version", Text, primary_key=True),
    Column("language", Text, primary_key=True),
    Column("simulated", Boolean, primary_key=True),
    Column("node", Text, primary_key=True, comment="the question; empty: the session as a whole"),
    Column("what", Text, primary_key=True, comment="shown, answer:OPTION, help, ...; advice:CANDIDATE"),
    Column(
        "day",
        Integer,
        primary_key=True,
        autoincrement=False,
        comment="on which its sessions began, as days since 1970 (UTC); after two months the first of its month",
    ),
    Column("n", Integer, nullable=False),
    comment="How often what happened where: counted with the turn, anonymous, kept when sessions go.",
    sqlite_with_rowid=False,
)

traffic_new = Table(
    "traffic_new",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("dialog_version", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("simulated", Boolean, nullable=False),
    Column("day", Integer, nullable=False),
    Column("counts", Text, nullable=False, comment="as JSON: [question, what, how often more], ..."),
    comment="What turns counted last, a row each, until a trigger adds them to `traffic`: one place to write at.",
)
