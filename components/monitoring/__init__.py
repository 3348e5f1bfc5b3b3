"""Who is told, of what, and what to do then: `notification`, and `alarms` from the table in `rows`."""

from components.monitoring.alarms import Alarms, AlarmsArgs
from components.monitoring.notification import Notification, NotificationArgs

__all__ = ["Alarms", "AlarmsArgs", "Notification", "NotificationArgs"]
