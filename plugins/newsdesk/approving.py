"""A person's word before a report is applied: Airflow's human-in-the-loop operator, asked as `reprocess_news` needs it.

Beside `orchestration`, as the operator costs each DAG that imports it what its provider costs.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from airflow.providers.standard.operators.hitl import ApprovalOperator
from airflow.sdk.execution_time.hitl import HITLUser

from newsdesk.orchestration import desk
from newsdesk.settings import approval

log = logging.getLogger(__name__)

_hours, APPROVERS = approval(os.environ)
PATIENCE = timedelta(hours=_hours)  # with which an answer is waited for

ASK, NO, YES = "ask", "no", "yes"  # what the DAG's parameter `apply` may be


class Approval(ApprovalOperator):
    """Go on only where the run's parameter `apply` says so, or a person does.

    `opened`: the report's number. No answer in time is a no. The answer, with who gave it, is a row of ops.audit.
    """

    template_fields: Sequence[str] = (*ApprovalOperator.template_fields, "opened")

    def __init__(self, *, opened: Any, **kwargs: Any) -> None:
        self.opened = opened
        super().__init__(
            subject="newsdesk: may what was read anew become current?",
            defaults=self.REJECT,
            response_timeout=PATIENCE,
            assigned_users=[HITLUser(id=who, name=who) for who in APPROVERS] or None,
            ignore_downstream_trigger_rules=True,  # else the tasks that run whatever the batches did would run
            **kwargs,
        )

    def execute(self, context: Any) -> Any:
        from newsdesk.reprocessing import report

        wish = context["params"]["apply"]
        if wish == YES:
            return None
        at = desk()
        found = report.gather(at, self.opened)
        if wish == NO or not found.pages:
            log.info(
                "there is nothing to apply" if not found.pages else "not to be applied: the run's parameters say so"
            )
            self.skip(ti=context["ti"], tasks=context["task"].get_flat_relatives(upstream=False))
            return None
        self.subject, self.body = report.question(found, at.pages)
        return super().execute(context)

    def execute_complete(self, context: Any, event: dict[str, Any]) -> Any:
        from newsdesk.reprocessing import report

        if "error" not in event:
            who = (event["responded_by_user"] or {}).get("name")
            report.note_answer(desk(), self.opened, who, approved=event["chosen_options"] == [self.APPROVE])
        super().execute_complete(context, event)
