"""What whoever runs the server says: unmistakable, live and after a reload."""

from playwright.sync_api import expect


def test_a_notice_says_in_words_who_speaks(person, room, server):
    ann, ben = person("Ann").enters(room), person("Ben", viewport={"width": 390, "height": 780}).enters(room)
    ann.says("The kitchen closes.")
    ben.sees("The kitchen closes.")

    server.command("say", room, "It closes at five.")

    for page in (ann.page, ben.page):
        for _ in range(2):
            notice = page.locator(".message--notice")
            expect(notice).to_have_count(1)
            expect(notice.locator(".message__author")).to_have_text("Operator")
            expect(notice).to_contain_text("runs this chatroom")
            expect(notice).to_contain_text("It closes at five.")
            expect(page.locator(".message__role")).to_have_count(1)
            page.reload()

    notice.locator(".message__author").evaluate("node => { node.textContent = 'W'.repeat(32) }")
    author, role = (notice.locator(part).bounding_box() for part in (".message__author", ".message__role"))
    assert role["y"] >= author["y"] + author["height"] - 1
