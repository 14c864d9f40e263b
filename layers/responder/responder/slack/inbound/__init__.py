"""What people press in Slack: verified, checked, recorded, carried out."""
