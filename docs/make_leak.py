"""Makes the leaked mail of a small firm that never existed, as a mailbox and as a table, for docs/bring-your-own-archive.md.

python docs/make_leak.py FOLDER

Harrow & Pine makes furniture: an owner who writes to nobody but his assistant, three departments, six shops. What is ordered goes
from the assistant to the departments and from these, reworded, to the shops. Some letters are damaged, as in real leaks.
"""

from __future__ import annotations

import csv
import random
import sys
from datetime import datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from zoneinfo import ZoneInfo

DEPARTMENTS = ("sales", "works", "stores")
SHOPS = ("leeds", "york", "hull", "derby", "bath", "truro")
ORDERS = (
    ("Oak tables", "raise the price of all oak tables by eight per cent from Monday and say nothing of it to the customers"),
    ("Overtime", "no overtime will be paid in May, ask every shop to send its list of hours by Friday evening"),
    ("Returns", "take back no chairs of the spring series without a receipt and a word from this department"),
    ("Suppliers", "stop buying varnish from the old supplier at once and burn the letters about the price"),
    ("Stocktaking", "count every plank and every tin twice before the auditors come on the tenth"),
)
ASIDES = ("please", "as agreed", "without delay", "for your shop", "see to it", "kindly confirm")
UTC = ZoneInfo("UTC")


def address(name: str) -> str:
    return f"{name}@harrowpine.example"


def letters() -> list[dict[str, str]]:
    """All letters in order, damaged ones included."""
    draw, made = random.Random(1), []

    def send(at: datetime, sender: str, to: list[str], subject: str, text: str, answers: str = "") -> str:
        own = f"<{len(made) + 1}@harrowpine.example>"
        made.append(
            {"id": own, "date": format_datetime(at), "day": f"{at:%d/%m/%Y}", "from": address(sender), "to": "; ".join(map(address, to)),
             "subject": subject, "answers": answers, "text": text}
        )  # fmt: skip
        return own

    def reworded(text: str) -> str:
        words = text.split()
        words.insert(draw.randrange(len(words)), draw.choice(ASIDES))
        return " ".join(words)

    start = datetime(2009, 4, 1, 9, 0, tzinfo=UTC)
    for week, (subject, text) in enumerate(ORDERS):
        monday = start + timedelta(days=7 * week)
        for department in DEPARTMENTS:
            at = monday + timedelta(hours=draw.randint(1, 6))
            order = send(at, "assistant", [department], subject, reworded(text))
            for shop in SHOPS:
                later = at + timedelta(hours=draw.randint(4, 40))
                passed = send(later, department, [shop], f"Fwd: {subject}", reworded(text), order)
                if draw.random() < 0.4:
                    send(later + timedelta(hours=5), shop, [department], f"Re: {subject}", "done as you wrote", passed)
    made[7]["date"] = made[7]["day"] = "sometime in April"
    made[19]["from"] = ""
    made[30]["id"] = made[29]["id"]
    made[41]["to"] = ""
    return made


def write(folder: Path) -> None:
    """Writes leak.csv, leak.yaml and leak.mbox."""
    made = letters()
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "leak.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["id", "sent on", "from", "to", "subject", "answers", "text"])
        table.writerows([x["id"], x["day"], x["from"], x["to"], x["subject"], x["answers"], x["text"]] for x in made)
    (folder / "leak.yaml").write_text(MAPPING)
    with (folder / "leak.mbox").open("w", encoding="utf-8") as file:
        for x in made:
            heads = {"Message-ID": x["id"], "From": x["from"], "To": x["to"].replace(";", ","), "Date": x["date"],
                     "Subject": x["subject"], "In-Reply-To": x["answers"]}  # fmt: skip
            file.write("From leak\n" + "".join(f"{k}: {v}\n" for k, v in heads.items() if v) + f"\n{x['text']}\n\n")


MAPPING = """columns:
  paper: id
  date: sent on
  issuer: from
  recipients: to
  subject: subject
  reply_to: answers
  text: text
date_format: "%d/%m/%Y"
"""

if __name__ == "__main__":
    write(Path(sys.argv[1]))
