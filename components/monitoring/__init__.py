"""Who is told, of what, and what to do then: `notification`, `alarms` and `dashboards` from tables of rows, costs."""

from components.monitoring.alarms import Alarms, AlarmsArgs
from components.monitoring.chat import Chat, ChatArgs
from components.monitoring.cost_guard import CostGuard, CostGuardArgs
from components.monitoring.dashboards import Dashboards, DashboardsArgs
from components.monitoring.job_results import JobResults, JobResultsArgs
from components.monitoring.notification import Notification, NotificationArgs

__all__ = [
    "Alarms",
    "AlarmsArgs",
    "Chat",
    "ChatArgs",
    "CostGuard",
    "CostGuardArgs",
    "Dashboards",
    "DashboardsArgs",
    "JobResults",
    "JobResultsArgs",
    "Notification",
    "NotificationArgs",
]
