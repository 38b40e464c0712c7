"""A converter over argparse."""
