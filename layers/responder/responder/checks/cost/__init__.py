"""What Rekognition costs, by day, week and month."""
