"""Who is told, of what, and what to do then: `notification`, and `alarms` and `dashboards` from the tables of rows."""

from components.monitoring.alarms import Alarms, AlarmsArgs
from components.monitoring.dashboards import Dashboards, DashboardsArgs
from components.monitoring.notification import Notification, NotificationArgs

__all__ = ["Alarms", "AlarmsArgs", "Dashboards", "DashboardsArgs", "Notification", "NotificationArgs"]
