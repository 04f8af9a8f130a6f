"""What a member has not looked at yet about groups, as a part of other statements."""

# For member `u`: what was decided of their wishes to join, and the wishes that wait for them as an owner.
GROUP_NEWS = """((SELECT COUNT(*) FROM group_requests r
        WHERE r.user_id = u.id AND r.decided_at IS NOT NULL AND NOT r.read)
    + (SELECT COUNT(*) FROM group_users o JOIN group_requests r ON r.group_id = o.group_id
        WHERE o.user_id = u.id AND o.owner AND r.decided_at IS NULL))"""
