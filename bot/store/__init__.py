"""What we remember: one SQLite file.

database.py, writer.py   reading, looking on, writing together;  database_file.py  its lock and version;  migrations/
schema.py        the tables;  numbers.py  none comes twice;  statements.py  SQL compiled once;  refusal.py
contents.py      dialog versions;  sessions.py, transcripts.py, wordings.py  what was said
questions.py, taught.py, grouped.py   what had no answer, and what the staff taught
handovers.py, people.py   who helps whom;  outbox.py, updates.py   what goes out and came in
filters.py, found.py, words.py, search.py, records.py, marks.py   sessions looked for, listed, judged
traffic.py, figures.py   where people stumble;  visits.py, audits.py, own_secrets.py   who looks at all that
belongings.py, kept.py, forgetting.py, retention.py, scrubbing.py   whose it is, how long it stays, and no trace after
keys.py, sealing.py, sealed_file.py, rotation.py   encryption at rest
"""
