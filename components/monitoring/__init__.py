"""Who is told, of what, and what to do then: `notification`, `alarms` and `dashboards` from tables of rows, costs."""

from components.monitoring.alarms import Alarms, AlarmsArgs
from components.monitoring.canary import Canary, CanaryArgs
from components.monitoring.chat import Chat, ChatArgs
from components.monitoring.cost_guard import CostGuard, CostGuardArgs
from components.monitoring.dashboards import Dashboards, DashboardsArgs
from components.monitoring.database_events import DatabaseEvents, DatabaseEventsArgs
from components.monitoring.health_checks import HealthChecks, HealthChecksArgs
from components.monitoring.job_results import JobResults, JobResultsArgs
from components.monitoring.log_anomalies import LogAnomalies, LogAnomaliesArgs
from components.monitoring.log_events import LogEvents, LogEventsArgs
from components.monitoring.notification import Notification, NotificationArgs
from components.monitoring.rotation_reminders import RotationReminders, RotationRemindersArgs
from components.monitoring.saved_queries import SavedQueries, SavedQueriesArgs
from components.monitoring.standby_alarms import StandbyAlarms, StandbyAlarmsArgs

__all__ = [
    "Alarms",
    "AlarmsArgs",
    "Canary",
    "CanaryArgs",
    "Chat",
    "ChatArgs",
    "CostGuard",
    "CostGuardArgs",
    "Dashboards",
    "DashboardsArgs",
    "DatabaseEvents",
    "DatabaseEventsArgs",
    "HealthChecks",
    "HealthChecksArgs",
    "JobResults",
    "JobResultsArgs",
    "LogAnomalies",
    "LogAnomaliesArgs",
    "LogEvents",
    "LogEventsArgs",
    "Notification",
    "NotificationArgs",
    "RotationReminders",
    "RotationRemindersArgs",
    "SavedQueries",
    "SavedQueriesArgs",
    "StandbyAlarms",
    "StandbyAlarmsArgs",
]
