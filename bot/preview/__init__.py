"""The visitors' door: a pretend Telegram, and a chat page that needs no token.

The bot never knows that it is pretend: it is plugged in through PTB's public `BaseRequest`, or over HTTP.

    pretend.py     PretendTelegram: the whole server; `call(method, params)` is what a bot talks to
    world.py       what the server knows: people, chats, messages, open queries, who watches
    chats.py       Person, Chat, Topic, Seat: Telegram's users and chats, the topics of a forum, the bot's own place
    cast.py        who is always there: four owners; when asked for, the staff and their group
    updates.py     the queue behind getUpdates
    hearing.py     what the bot hears of a group

    acting.py      what every act of a person needs;  comings.py the acts of coming, going and topics;
    visitors.py    all that people do: say, press, edit, write in groups ...;  attachments.py what is not text

    sending.py     the methods that put messages on a screen;  editing.py those that change them and take them away
    topics.py      the methods about the topics of a forum;  threads.py where a message stands, and what it answers
    chatting.py    the methods about queries and chats;  profile.py those about the bot itself: commands, names
    params.py      request parameters, as strings or typed;  wording.py the text or caption among them
    markup.py      Telegram's HTML, read as strictly as Telegram reads it
    inline.py      the results that an inline query is answered with;  keyboards.py reply markup; and their limits
    errors.py      ApiError and Telegram's own words for it

    rates.py       how often a bot may send;  faults.py accidents that a test stages
    journal.py     what the bot asked for, for tests
    wire.py        one call as the network sees it: status and bytes, faults included
    request.py     in process: PretendRequest, behind PTB's Bot
    keepsake.py    the chats of the preview, kept over a restart
    server.py      over HTTP: `python -m bot.preview.server --port 0`;  control.py its second door, for tests elsewhere

    page.py        the chat page;  screens.py what it shows;  deeds.py what people do there;  phrases.py its few words
    guard.py       keeps other sites out;  serve.py serves it in the bot's own event loop
    static/        chat.js the owner's chat, staff.js the staff group beside it; tools, bubbles, rich, log, topics,
                   commands: what both are made of
"""
