import ClientRole
import ConsumerRole
import Glibc
import LocalRole
import MasterRole
import Processes
import WorkerRole

StandardStreams.fill()
exit(
  Commands.run(
    Array(CommandLine.arguments.dropFirst()), environment: Environment.current,
    services: ClientCommands.all.merging([
      "consumer": ConsumerCommand.run, "dead-letters": DeadLettersCommand.run, "master": MasterCommand.run,
      "worker": WorkerCommand.run,
    ]) { $1 }))
