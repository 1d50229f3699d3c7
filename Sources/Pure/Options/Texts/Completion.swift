/// A script that completes the program's commands, options and values in one shell.
public enum Completion: String, Sendable, CaseIterable {
  case bash, zsh, fish

  public func script(of program: Program) -> String {
    switch self {
    case .bash: bash(program)
    case .zsh: zsh(program)
    case .fish: fish(program)
    }
  }

  private func bash(_ program: Program) -> String {
    var cases = ""
    for command in program.commands {
      let names = command.options.flatMap { [$0.name] + $0.negatives }.joined(separator: " ")
      cases += "    \(Habits.quoted(command.name)))\n      options='\(names)'\n"
      cases += "      words='\(command.operandChoices.joined(separator: " "))'\n"
      cases += "      case $previous in\n"
      for option in command.options {
        let pattern = option.spellings.joined(separator: "|")
        switch option.kind {
        case .choice(_, let words):
          cases +=
            "        \(pattern)) COMPREPLY=($(compgen -W '\(words.joined(separator: " "))' -- \"$word\")); return;;\n"
        case .path: cases += "        \(pattern)) COMPREPLY=($(compgen -f -- \"$word\")); return;;\n"
        case .text, .timeSpan, .rate, .shape, .count, .percentage: cases += "        \(pattern)) return;;\n"
        case .flag: continue
        }
      }
      cases += "      esac;;\n"
    }
    let firsts = Set(program.commands.compactMap { $0.name.split(separator: " ").first }).sorted()
    return """
      # bash completion for \(program.name); made by: \(program.name) completion bash
      _\(program.name)() {
        local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} command=${COMP_WORDS[1]} options words
        COMPREPLY=()
        if [ "$COMP_CWORD" = 1 ]; then
          COMPREPLY=($(compgen -W '\(firsts.joined(separator: " "))' -- "$word"))
          return
        fi
        if [ "$command" = plan ]; then
          if [ "$COMP_CWORD" = 2 ]; then COMPREPLY=($(compgen -W 'check' -- "$word")); return; fi
          command="plan ${COMP_WORDS[2]}"
        fi
        if [ "$command" = help ]; then
          COMPREPLY=($(compgen -W '\(firsts.joined(separator: " "))' -- "$word"))
          return
        fi
        case $command in
      \(cases)    *) return;;
        esac
        case $word in
          -*) COMPREPLY=($(compgen -W "$options" -- "$word"));;
          *) if [ -n "$words" ]; then COMPREPLY=($(compgen -W "$words" -- "$word"))
             else COMPREPLY=($(compgen -f -- "$word")); fi;;
        esac
      }
      complete -o filenames -F _\(program.name) \(program.name)

      """
  }

  private func zsh(_ program: Program) -> String {
    func escaped(_ text: String) -> String {
      var result = ""
      for character in text {
        if character == "'" {
          result += "'\\''"
        } else {
          if "[]:\\".contains(character) { result += "\\" }
          result.append(character)
        }
      }
      return result
    }
    var cases = ""
    var described = ""
    for command in program.commands {
      let first = command.name.split(separator: " ").first.map(String.init) ?? command.name
      described += "    '\(first):\(escaped(command.summary))'\n"
      cases += "    \(first))\n      _arguments \\\n"
      for option in command.options {
        let about = escaped(option.help)
        for spelling in [option.name] + option.negatives {
          let star = option.isRepeatable ? "*" : ""
          switch option.kind {
          case .flag: cases += "        '\(star)\(spelling)[\(about)]' \\\n"
          case .choice(let word, let words):
            cases += "        '\(star)\(spelling)[\(about)]:\(escaped(word)):(\(words.joined(separator: " ")))' \\\n"
          case .path(let word): cases += "        '\(star)\(spelling)[\(about)]:\(escaped(word)):_files' \\\n"
          case .text(let word), .timeSpan(let word, _), .rate(let word), .shape(let word, _), .count(let word, _),
            .percentage(let word):
            cases += "        '\(star)\(spelling)[\(about)]:\(escaped(word)): ' \\\n"
          }
        }
      }
      let operands =
        command.operandChoices.isEmpty ? "_files" : "(\(command.operandChoices.joined(separator: " ")))"
      cases +=
        first == command.name
        ? "        '*::word:\(operands)';;\n" : "        '1:word:(check shape)' '*::word:_files';;\n"
    }
    return """
      #compdef \(program.name)
      # zsh completion for \(program.name); made by: \(program.name) completion zsh
      _\(program.name)() {
        local -a commands
        commands=(
      \(described)  )
        if (( CURRENT == 2 )); then
          _describe command commands
          return
        fi
        local command=$words[2]
        shift words
        (( CURRENT-- ))
        case $command in
      \(cases)  esac
      }
      if [ "$funcstack[1]" = "_\(program.name)" ]; then _\(program.name) "$@"; else compdef _\(program.name) \(program.name); fi

      """
  }

  private func fish(_ program: Program) -> String {
    func quoted(_ text: String) -> String {
      "'" + text.map { $0 == "'" || $0 == "\\" ? "\\\($0)" : String($0) }.joined() + "'"
    }
    var lines = ["# fish completion for \(program.name); made by: \(program.name) completion fish"]
    let start = "complete -c \(program.name)"
    for command in program.commands {
      let first = command.name.split(separator: " ").first.map(String.init) ?? command.name
      lines.append("\(start) -n __fish_use_subcommand -f -a \(first) -d \(quoted(command.summary))")
      let when = "-n '__fish_seen_subcommand_from \(first)'"
      if first != command.name {
        lines.append("\(start) \(when) -a \(command.name.dropFirst(first.count + 1)) -d \(quoted(command.summary))")
      }
      if !command.operandChoices.isEmpty {
        lines.append("\(start) \(when) -f -a \(quoted(command.operandChoices.joined(separator: " ")))")
      }
      for option in command.options {
        for spelling in [option.name] + option.negatives {
          var line = "\(start) \(when) -l \(spelling.dropFirst(2))"
          if let letter = option.spellings.first(where: { $0.count == 2 }), spelling == option.name {
            line += " -s \(letter.dropFirst())"
          }
          switch option.kind {
          case .flag: break
          case .choice(_, let words): line += " -x -a \(quoted(words.joined(separator: " ")))"
          case .path: line += " -r"
          case .text, .timeSpan, .rate, .shape, .count, .percentage: line += " -x"
          }
          lines.append(line + " -d \(quoted(option.help))")
        }
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
