"""The visitors' door: a pretend Telegram, and a chat page that needs no token.

The bot never knows that it is pretend: it is plugged in through PTB's public `BaseRequest`, or over HTTP.

    pretend.py     PretendTelegram: the whole server; `call(method, params)` is what a bot talks to
    world.py       what the server knows: people, chats, messages, open queries, who watches
    chats.py       Person and Chat: Telegram's users and chats
    updates.py     the queue behind getUpdates
    visitors.py    what people do: say, press, block, write in groups ...
    attachments.py photos, stickers, places: what people send that is not text
    sending.py     the methods that put messages on a screen
    profile.py     the methods about the bot itself: commands, names, descriptions
    chatting.py    the methods about queries and chats
    params.py      request parameters, as strings or typed
    markup.py      Telegram's HTML, read as strictly as Telegram reads it
    inline.py      the results that an inline query is answered with, and their limits
    keyboards.py   reply markup and its limits
    errors.py      ApiError and Telegram's own words for it
    rates.py       how often a bot may send
    faults.py      accidents that a test stages
    journal.py     what the bot asked for, for tests
    wire.py        one call as the network sees it: status and bytes, faults included
    request.py     in process: PretendRequest, behind PTB's Bot
    keepsake.py    the chats of the preview, kept over a restart
    serve.py       the chat page in the bot's own event loop
    server.py      over HTTP: `python -m bot.preview.server --port 0`
    control.py     the server's second door, for tests in another process
    page.py        the chat page;  guard.py keeps other sites out;  phrases.py has its few words
"""
