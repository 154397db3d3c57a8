package import HoneyCore

extension Scenario {
    /// Reads a scenario; an error tells the line.
    package init(parsing text: String) throws(HoneyError) {
        self.init()
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let words = line.prefix { $0 != "#" }.split(separator: " ")
            guard let keyword = words.first else { continue }
            guard read(keyword, Array(words.dropFirst())) else {
                throw HoneyError(
                    .environment, "INVALID_SCENARIO", "line \(index + 1): this is no part of a scenario: \(line)")
            }
        }
    }

    private mutating func read(_ keyword: Substring, _ words: [Substring]) -> Bool {
        switch keyword {
        case "at": return readFault(words)
        case "seed":
            guard words.count == 1, let number = UInt64(words[0]) else { return false }
            seed = number
            return true
        case "messages":
            guard words == ["bytes"] || words == ["typed"] else { return false }
            sendsBytes = words == ["bytes"]
            return true
        default: break
        }
        var words = words
        if ["datanodes", "clients", "writers"].contains(keyword) {
            guard let first = words.first, let count = Int(first), 0...100 ~= count else { return false }
            switch keyword {
            case "clients": clients = count
            case "writers": writers = count
            default: dataNodes = count
            }
            words.removeFirst()
        }
        return words.allSatisfy { word in
            let parts = word.split(separator: "=")
            guard parts.count == 2, let value = Double(parts[1]), 0...1e12 ~= value else { return false }
            return set("\(keyword).\(parts[0])", value)
        }
    }

    private mutating func set(_ name: String, _ value: Double) -> Bool {
        let whole = Int(value)
        let thousandfold = Int((value * 1000).rounded())
        switch name {
        case "namenode.disks": nameDisks = max(whole, 1)
        case "namenode.checkpoint": checkpointTransactions = max(whole, 1)
        case "namenode.secondary": secondaryTransactions = whole
        case "namenode.standby": hasStandby = whole > 0
        case "datanodes.disks": dataDisks = max(whole, 1)
        case "datanodes.replication": replication = max(whole, 1)
        case "clients.operations": operations = whole
        case "clients.pace": paceMilliseconds = thousandfold
        case "writers.operations": writerOperations = whole
        case "writers.pace": writerPaceMilliseconds = thousandfold
        case "writers.block": blockBytes = max(whole, 1024)
        case "writers.packet": packetBytes = max(whole, 512)
        case "network.latency": network.latencyMicroseconds = thousandfold
        case "network.jitter": network.jitterMicroseconds = thousandfold
        case "network.loss": network.lossThousandths = whole
        case "network.cut": network.cutThousandths = whole
        default: return false
        }
        return true
    }

    private mutating func readFault(_ words: [Substring]) -> Bool {
        var words = words
        guard let first = words.first, let time = Self.milliseconds(first) else { return false }
        words.removeFirst()
        var duration: Int?
        if words.count > 2, words[words.count - 2] == "for" {
            duration = Self.milliseconds(words[words.count - 1])
            guard duration != nil else { return false }
            words.removeLast(2)
        }
        guard let fault = Fault(words) else { return false }
        faults.append(TimedFault(atMilliseconds: time, fault: fault, forMilliseconds: duration))
        return true
    }

    private static func milliseconds(_ word: Substring) -> Int? {
        guard let seconds = Double(word), 0...1e9 ~= seconds else { return nil }
        return Int((seconds * 1000).rounded())
    }

    /// The scenario as text, from which it can be made again.
    package var text: String {
        var lines = [
            "seed \(seed)", "messages \(sendsBytes ? "bytes" : "typed")",
            "namenode disks=\(nameDisks) checkpoint=\(checkpointTransactions) secondary=\(secondaryTransactions) "
                + "standby=\(hasStandby ? 1 : 0)",
            "datanodes \(dataNodes) disks=\(dataDisks) replication=\(replication)",
            "clients \(clients) operations=\(operations) pace=\(Self.thousandths(paceMilliseconds))",
            "writers \(writers) operations=\(writerOperations) pace=\(Self.thousandths(writerPaceMilliseconds)) "
                + "block=\(blockBytes) packet=\(packetBytes)",
            "network latency=\(Self.thousandths(network.latencyMicroseconds)) "
                + "jitter=\(Self.thousandths(network.jitterMicroseconds)) loss=\(network.lossThousandths) "
                + "cut=\(network.cutThousandths)",
        ]
        for fault in faults {
            let end = fault.forMilliseconds.map { " for " + Self.thousandths($0) } ?? ""
            lines.append("at \(Self.thousandths(fault.atMilliseconds)) \(fault.fault.text)\(end)")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func thousandths(_ number: Int) -> String { "\(Double(number) / 1000)" }
}
