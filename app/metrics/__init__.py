"""What Prometheus is told: which numbers there are, and how those of several processes become one."""
