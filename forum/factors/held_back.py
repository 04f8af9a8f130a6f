"""Staff who have no second factor where the site requires one: they are members like any other until then.

This is the one place that says who they are. Viewers are made with it, and so are the statements that ask
what staff may see without a viewer; so pages, programs' sessions, live channels and alerts agree.
"""

# Of user `u`: asked of staff only. The setting's default stands here too, since no row says it.
HELD_BACK = """(COALESCE((SELECT value FROM site_settings WHERE name = 'staff_second_factor'), 'required')
        = 'required'
    AND NOT EXISTS (SELECT 1 FROM totps f WHERE f.user_id = u.id AND f.confirmed_at IS NOT NULL)
    AND NOT EXISTS (SELECT 1 FROM passkeys f WHERE f.user_id = u.id))"""

# Where they set one up, and what they are led from.
SET_UP = "/preferences/second-factor"
STAFF_PAGES = ("/admin", "/review")
