"""Outsourcing Advisor: the map of the house.

    cli/             the commands                          app.py       opens, wires, runs the loops, closes in order
    settings.py      the environment, read once            logs.py      structured, and never the token
    terminal.py      `advisor chat`                        sessions_report.py   `advisor sessions`, `questions`
    asking.py        `advisor ask`, `advisor evaluate`     hot_content.py   takes up changed content while we run
    serving.py       the web server                        languages.py Language; Text: one wording for each
    replaying.py     `advisor replay`                      simulating.py   `advisor simulate`
    pruning.py       `advisor prune`                       sessions_export.py   `advisor sessions export`

    dialog/          HOW WE TALK (pure): answers -> path -> question or advice; take_turn(content, session, event)
    knowledge/       WHAT WE KNOW (pure): entries, and answer(knowledge, question, language, context) -> Answer
    staff/           HOW A PERSON TAKES OVER (pure): the handover, who may do what, the cards, teaching
    content/         FROM FILES TO THE TWO ABOVE: strict YAML, every mistake at once, every entry reached
    store/           WHAT WE REMEMBER: one SQLite file
    turns/           a batch of updates becomes one transaction: the only writer of turns
    chat/            THE DOOR OF OWNERS AND STAFF: Telegram
    review/          THE ADMINS' DOOR: the web pages where they read, search and learn
    preview/         THE VISITORS' DOOR: a pretend Telegram and a chat page, no token needed
    simulation/      OWNERS WHO DO NOT EXIST: believable, marked, through the real turns, and out again

Imports go down only: cli > app > chat, review, preview, simulation > turns > store, content > staff > dialog >
knowledge > languages.

One press, there and back: chat/receive takes a batch -> chat/updates makes events -> turns loads the sessions ->
dialog/engine.take_turn -> turns commits session, transcript and outbox -> receive acknowledges -> chat/send reads the
outbox -> chat/messages -> Bot API -> marked sent.

One question, asked in passing: dialog/said finds no button of that name -> knowledge/recognition (which language) ->
knowledge/reading (folded, looked up in the words of that language, slips repaired: concepts, facets, what is unknown)
-> knowledge/answering (an entry, near ones, a person, or silence) -> dialog/asked makes the words; nothing moves.

One wish for a person: the dialog's turn bears it -> staff/owner opens a handover -> turns/keep draws the card into the
outbox -> chat/deliver makes the topic. An answer there: chat/groups -> turns/staffing finds the handover -> staff/group
(staff/rights first) -> the same transaction as ever -> the owner.

One look at what was said: review/guard (name, visit, form) -> review/sessions reads the filter -> store/found on a
connection that only looks -> store/records -> a template. Each look and each mark is noted (review/audit).

One wish to be forgotten: dialog/rights asks once more -> turns/forgetting deletes first, by store/belongings, and says
so -> chat/deliver takes the staff's copies away (chat/erase) -> store/scrubbing cuts what the file still holds.

One node, from file to screen: dialogs/*.yaml -> content/load (checked) -> frozen Dialog -> the engine makes the words
in the owner's language -> outbox -> messages -> screen; the press comes back with the ids that stand in the YAML.
"""
