"""The FaceAuth system as deployed, made in a local AWS for drills."""
