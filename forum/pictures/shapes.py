"""What a picture of a member or of the site becomes; known to the site and to the process that makes it."""

SQUARES, LOGO = "squares", "logo"
# In pixels, of a side.
SIZES = (96, 240)
