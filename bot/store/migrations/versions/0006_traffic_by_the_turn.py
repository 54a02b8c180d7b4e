"""What turns count is added up by the hundreds.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "traffic_new",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dialog_version", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("simulated", sa.Boolean(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False, comment="as JSON: [question, what, how often more], ..."),
        sa.PrimaryKeyConstraint("id"),
        comment="What turns counted last, a row each, until a trigger adds them to `traffic`: one place to write at.",
    )


ADD_UP = """INSERT INTO traffic (dialog_version, language, simulated, node, what, day, n)
    SELECT dialog_version, language, simulated, json_extract(value, '$[0]'), json_extract(value, '$[1]'), day,
        sum(json_extract(value, '$[2]'))
    FROM traffic_new, json_each(traffic_new.counts) WHERE true GROUP BY 1, 2, 3, 4, 5, 6
    ON CONFLICT DO UPDATE SET n = n + excluded.n"""


def downgrade() -> None:
    op.execute(ADD_UP)
    op.execute("DROP TRIGGER IF EXISTS traffic_added")
    op.drop_table("traffic_new")
