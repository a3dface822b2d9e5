"""The programs that a scenario starts: web servers, workers, brokers."""
