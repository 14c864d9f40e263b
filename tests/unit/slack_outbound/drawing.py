"""A message of Slack as lines of text, to be read as people read it."""

from responder.core.plain_data import Json
from responder.slack.blocks.parts import SlackPost


def drawn(post: SlackPost) -> str:
    loud = " (also in the channel)" if post.loud else ""
    return "\n".join((f"telephone{loud}: {post.text}", "", *map(_block, post.blocks))) + "\n"


def _block(block: Json) -> str:
    match block["type"]:
        case "header":
            return f"# {block['text']['text']}"
        case "actions":
            return "  ".join(map(_button, block["elements"]))
        case "context":
            return "\n".join(f"~ {each['text']}" for each in block["elements"])
    lines = [block["text"]["text"]] if "text" in block else []
    lines += ["| " + each["text"].replace("\n", ": ") for each in block.get("fields", ())]
    return "\n".join(lines + ([_button(block["accessory"])] if "accessory" in block else []))


def _button(button: Json) -> str:
    style = f" ({button['style']})" if "style" in button else ""
    sure = f" … {button['confirm']['text']['text']}" if "confirm" in button else ""
    return f"[[{button['text']['text']}{style}{sure}]]"
