"""The admins' door: the web pages at `/review`, on the bot's own web server.

web.py         the routes and the navigation: a new module of pages is listed here
guard.py       before every page: host, sign-in, forms that are ours; the headers
signing.py     the ways in and out
context.py     Review: what pages work with; Visitor: who looks;  rendering.py templates -> pages
home.py        the first page;  audit.py who looked at what
sessions.py    the list (session_filter.py reads its filter, export.py takes it out);  versions.py the very YAML
session.py     one session: talk.py the chat, markup.py its form, outcome.py its advice, pseudonyms.py its owner
replay.py      whether it comes out the same (wording.py: but for phrases);  draft.py what a draft would make of it
tree.py        where people leave (funnel.py reckons, tree_picture.py draws);  advice.py;  handovers.py
questions.py   what stayed unanswered, what was judged how;  writing.py: an answer is drafted, and judged
figures_filter.py  of which sessions figures are;  shares.py;  charts.py
templates/, static/    vendored with their licences: Pico, htmx

A page reads, and a form changes: GET and POST never share a route, and each form that posts has `{{ form_token() }}`;
the guard sees to the rest. Who may see a session may see every session: there is one role here, and it is checked at
every request. An id that is not there is `HTTPException(404)`: one answer for all of them. No page is ever shown in a
frame, so Telegram's web version, which would need one, is sent to the browser instead.
"""
