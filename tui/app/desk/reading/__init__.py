"""What follows the disk behind the screen: functions found and read, files that change, modules validated."""
