"""A report as each medium shows it, from the report alone."""

from responder.core.plain_data import Json
from responder.core.report import Report
from responder.messages import amazon_q as chat
from responder.messages import json_report, mail, plain_text
from responder.messages import story as stories
from responder.messages.advice import advise, words
from responder.messages.report_message import ReportMessage
from responder.messages.story import Story


def headline(report: Report, language: str) -> str:
    return words(advise(report).headline, language)


def story_of(report: Report, language: str) -> Story:
    return stories.story_of(report, advise(report), language)


def plain(report: Report, language: str, story: Story | None = None) -> str:
    return plain_text.plain(report, story or story_of(report, language), language)


def amazon_q(report: Report, language: str) -> Json:
    return chat.amazon_q(report, story_of(report, language), language)


def message_of(report: Report, language: str) -> ReportMessage:
    return json_report.message_of(report, advise(report), language)


def machine(report: Report, language: str) -> Json:
    return json_report.machine(report, advise(report), language)


def subject(report: Report, language: str = "en") -> str:
    return mail.subject(report, advise(report), language)
