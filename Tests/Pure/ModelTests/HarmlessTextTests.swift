import Model
import Testing

@Suite struct HarmlessTextTests {
  @Test(arguments: [
    ("plain ä 注 😀 e\u{301}", "plain ä 注 😀 e\u{301}"), ("\u{1B}[31mred", "�[31mred"), ("a\r\nb", "a��b"),
    ("a\nb\tc", "a�b�c"), ("bell\u{7}\u{7F}", "bell��"), ("c1\u{9B}2J", "c1�2J"), ("\u{202E}exe", "�exe"),
    ("zero\u{200B}\u{FEFF}", "zero��"), ("\u{2028}\u{2029}", "��"), ("tag\u{E0041}", "tag�"), ("", ""),
  ]) func controlsAndFormatsAreReplaced(_ text: String, _ expected: String) { #expect(text.harmless == expected) }
}
