"""``python -m tests.unit_at_work [SEED] [ID …]``: how often 自查 and check say the same of a
rule. Another seed makes other mistakes."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from perfxl.template import available, shipped
from tests.unit_at_work.trials import MISTAKES, SEED, fillings, tried


def main(words: list[str]) -> int:
    """Print agreements and comparisons per template, and every disagreement."""
    seed = next((int(word) for word in words if word.isdigit()), SEED)
    ids = [word for word in words if not word.isdigit()]
    agreed = compared = 0
    with tempfile.TemporaryDirectory() as folder:
        for id_ in ids or [path.stem for path in available()]:
            template = shipped(id_)
            own = every = wrong = files = 0
            told = []
            for trial in tried(template, fillings(template, MISTAKES, seed), Path(folder)):
                own += trial.agreements
                every += len(trial.verdicts)
                wrong += sum(bool(one.found) for one in trial.verdicts)
                files += 1
                told += [f"  {trial.name}: {one}" for one in trial.verdicts if not one.agrees]
                told += [f"  {trial.name}: 不能填 {sheet}!{at}" for sheet, at in trial.refused]
                if not all((*trial.inserted, *trial.deleted)):
                    told.append(f"  {trial.name}: 不能插入或删除行")
            print(f"{id_}: {own} / {every} agree ({files} workbooks, {wrong} ✗)", flush=True)
            for line in told:
                print(line, flush=True)
            agreed += own
            compared += every
    print(f"all: {agreed} / {compared} agree")
    return int(agreed != compared)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
