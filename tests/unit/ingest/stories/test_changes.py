from ingest.stories.changes import Change, changes, sentences

TEXT = "أعلن الوزير القرار. وقال إنه نهائي.\n\nوحضر اللقاء جمع."


def test_sentences_end_at_stops_and_lines() -> None:
    assert sentences(TEXT) == ["أعلن الوزير القرار.", "وقال إنه نهائي.", "وحضر اللقاء جمع."]
    assert sentences(" … \n") == []


def test_spelling_is_no_change() -> None:
    assert changes(TEXT, TEXT.replace("إنه", "انه").replace("أعلن", "اعلن")) == ()


def test_a_sentence_is_added_removed_or_said_in_another_way() -> None:
    other = "أعلن الوزير القرار. وأكد أنه مؤقت. وحضر اللقاء جمع. وانتهى."
    assert changes(TEXT, other) == (
        Change("removed", "وقال إنه نهائي."),
        Change("added", "وأكد أنه مؤقت."),
        Change("added", "وانتهى."),
    )
