"""What people type in the forms of the kinds."""

SHEET = {
    "done": "We wrote down who comes when, and put three valves.",
    "cost": "4 200 €",
    "months": "5",
    "staff_days": "9",
    "population": "12600",
    "never_again": "Buy six probes at once.",
}
DOCUMENT = {"document_type": "decision", "licence": "lo-2.0", "contents": "The council decides to cook."}
GATHERING = {"gathering_type": "visit", "starts_at": "2030-03-04T14:00", "place": "The kitchen, Ormoy"}
JOB = {
    "employer": "Ormoy", "place": "Ormoy (80)", "branch": "local", "deadline": "2030-05-31",
    "official_link": "https://example.org/offer/1",
}  # fmt: skip
FIELDS = {
    "question": {}, "discussion": {}, "announcement": {}, "sheet": SHEET, "document": DOCUMENT, "guide": {},
    "gathering": GATHERING, "job": JOB,
}  # fmt: skip
