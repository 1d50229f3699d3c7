import Model
import Testing

@Suite struct SecretNameTests {
  @Test(arguments: [
    ("http://h/a?token=x&b=1", "http://h/a?token=***&b=1"), ("http://h/a?b=1&api_key=x", "http://h/a?b=1&api_key=***"),
    ("http://h/?key=x;sig=y", "http://h/?key=***;sig=***"),
    ("http://h/?Access-Token=x=y", "http://h/?Access-Token=***"),
    ("http://h/?X-Amz-Signature=0f&X-Amz-Date=1", "http://h/?X-Amz-Signature=***&X-Amz-Date=1"),
    ("http://h/?%74oken=x", "http://h/?%74oken=***"), ("http://h/?user[password]=x", "http://h/?user[password]=***"),
    ("http://h/?auth=x&passwd=y&secret=z&pwd", "http://h/?auth=***&passwd=***&secret=***&pwd"),
    ("http://h/token=x", "http://h/token=x"), ("http://h/?token=", "http://h/?token="),
    ("http://h/?monkey=1&max_tokens=5&page=2", "http://h/?monkey=1&max_tokens=5&page=2"),
    ("http://h/?&&a&=b&%", "http://h/?&&a&=b&%"), ("http://h/", "http://h/"),
  ]) func secretsOfAQueryAreMasked(_ text: String, _ expected: String) throws {
    #expect(try TargetURL(text: text).shown == expected)
    #expect(TargetURL.shown(text) == expected)
    #expect(TargetURL.shown(text + "#a?token=x") == expected + "#a?token=x")
  }
}
