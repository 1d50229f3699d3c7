import CommandLines
import Glibc
import Options
import Plans

/// `init`: writes a commented plan to begin with.
enum InitCommand {
  static func run(_ line: Invocation) throws(Failure) -> Int32 {
    let word = line.operands.first ?? "plan"
    let isFile = word.hasSuffix(".yaml") || word.hasSuffix(".yml")
    let file = isFile ? word : word + ".yaml"
    let base = file.split(separator: "/").last.map(String.init) ?? file
    let name = String(base[..<(base.lastIndex(of: ".") ?? base.endIndex)])
    guard TargetText.isRunName(name) else {
      throw Failure("init: found '\(word)', expected a name such as shop, or a file such as plans/shop.yaml")
    }
    // Whatever else is written there, nothing is lost: the file must not exist.
    let descriptor = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    if descriptor < 0 {
      let code = errno
      let folder = file.lastIndex(of: "/").map { String(file[..<$0]) } ?? ""
      let reason =
        switch code {
        case EEXIST: "it exists already; give another name"
        case ENOENT where !folder.isEmpty: "there is no folder \(folder); make it first: mkdir -p \(folder)"
        case _: String(cString: strerror(code)).lowercased()
        }
      throw Failure("init: \(file): \(reason)")
    }
    defer { close(descriptor) }
    let text = Array(StarterPlan.text(name: name).utf8)
    guard write(descriptor, text, text.count) == text.count else {
      throw Failure("init: \(file): \(String(cString: strerror(errno)).lowercased())")
    }
    let shown = file.contains(" ") ? "'\(file)'" : file
    try Console.out(
      """
      \(file): a plan to begin with. Type:
        stampede demo-target --port 8080 &
        stampede plan check \(shown)
        stampede run \(shown)

      """)
    return 0
  }
}
