/// One command of `dfsadmin` or `haadmin`.
struct AdministrationCommand: Sendable {
    /// With its dash, such as `-safemode`.
    let name: String
    /// What follows the name.
    let usage: String
    let help: String
    /// Does it; the exit code is 0 where it is done.
    let run: @Sendable (AdministrationContext, [String]) async throws -> Int32

    init(
        _ name: String, _ usage: String = "", _ help: String,
        _ run: @escaping @Sendable (AdministrationContext, [String]) async throws -> Int32
    ) {
        self.name = name
        self.usage = usage
        self.help = help
        self.run = run
    }

    var synopsis: String { usage.isEmpty ? "[\(name)]" : "[\(name) \(usage)]" }

    /// Finds the command the arguments begin with and runs it; tells the exit code, which is that of Hadoop's commands.
    static func run(
        _ arguments: [String], of program: String, _ commands: [AdministrationCommand],
        _ context: AdministrationContext
    ) async -> Int32 {
        guard let name = arguments.first else {
            usage(of: program, commands, context.complain)
            return 255
        }
        if name == "-help" || name == "--help" {
            return help(Array(arguments.dropFirst()), of: program, commands, context)
        }
        guard let command = commands.first(where: { $0.name.lowercased() == name.lowercased() }) else {
            context.complain("\(name.drop { $0 == "-" }): Unknown command")
            usage(of: program, commands, context.complain)
            return 255
        }
        do {
            return try await command.run(context, Array(arguments.dropFirst()))
        } catch is WrongUsage {
            context.complain("Usage: honeyguide \(program) \(command.synopsis)")
            return 255
        } catch {
            let addresses = (try? context.configuration.nameNodes().map(\.address)) ?? []
            context.complain("\(name.drop { $0 == "-" }): \(firstLine(of: error, about: addresses))")
            return 255
        }
    }

    private static func help(
        _ names: [String], of program: String, _ commands: [AdministrationCommand], _ context: AdministrationContext
    ) -> Int32 {
        let wanted = names.map { $0.hasPrefix("-") ? $0 : "-" + $0 }
        let shown = wanted.isEmpty ? commands : commands.filter { wanted.contains($0.name) }
        for command in shown {
            context.say("\(command.name)\(command.usage.isEmpty ? "" : " " + command.usage): \(command.help)")
        }
        return shown.isEmpty ? 255 : 0
    }

    private static func usage(
        of program: String, _ commands: [AdministrationCommand], _ print: (String) -> Void
    ) {
        print("Usage: honeyguide \(program) [--config FILE|DIR] [-D name=value] [-fs hdfs://host:port]")
        for command in commands { print("\t" + command.synopsis) }
        print("\t[-help [cmd]]")
    }
}

/// Arguments that a command does not take.
struct WrongUsage: Error {}
