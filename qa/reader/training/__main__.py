"""`python -m qa.reader.training STEP`: one command a step."""

from qa.reader.training.commands import app

if __name__ == "__main__":
    app()
