"""From files to the frozen values of `bot.dialog`: reading, checking, drawing. Pure but for reading a folder."""
