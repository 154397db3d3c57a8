extension DfsRun {
    /// Takes the options off the front of the arguments and checks how many operands follow.
    ///
    /// - Parameters:
    ///   - valued: options that are followed by a value; it is empty when none follows.
    ///   - ignoresUnknown: lets unknown options stay among the operands.
    func options(
        _ flags: String = "", valued: Set<String> = [], _ minimum: Int = 1, _ maximum: Int = .max,
        ignoresUnknown: Bool = false
    ) throws -> [String: String] {
        let flags = Set(flags.split(separator: " ").map(String.init))
        var found: [String: String] = [:]
        var position = 0
        while position < arguments.count {
            let argument = arguments[position]
            guard argument.hasPrefix("-"), argument != "-" else { break }
            if argument == "--" {
                arguments.remove(at: position)
                break
            }
            let name = String(argument.dropFirst())
            if flags.contains(name) {
                arguments.remove(at: position)
                found[name] = ""
            } else if valued.contains(name) {
                arguments.remove(at: position)
                let hasValue = position < arguments.count && arguments.count > minimum
                let value = hasValue ? arguments.remove(at: position) : ""
                if !value.hasPrefix("-") || value == "-" { found[name] = value }
            } else if ignoresUnknown {
                position += 1
            } else {
                throw DfsUsageError("Illegal option \(argument)")
            }
        }
        try requireOperands(minimum, maximum)
        return found
    }

    func requireOperands(_ minimum: Int, _ maximum: Int = .max) throws {
        let count = arguments.count
        if count < minimum { throw DfsUsageError("Not enough arguments: expected \(minimum) but got \(count)") }
        if count > maximum { throw DfsUsageError("Too many arguments: expected \(maximum) but got \(count)") }
    }

    /// Takes an option and the argument after it from before the first `--`.
    func takeOption(_ name: String) throws -> String? {
        let end = arguments.firstIndex(of: "--") ?? arguments.endIndex
        guard let position = arguments[..<end].firstIndex(of: name) else { return nil }
        guard position + 1 < end else { throw DfsUsageError("option \(name) requires 1 argument") }
        arguments.remove(at: position)
        return arguments.remove(at: position)
    }
}
