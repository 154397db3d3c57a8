extension Fault {
    /// The fault as a scenario writes it.
    package var text: String {
        switch self {
        case .kill(let host): "kill \(host)"
        case .power(let host): "power \(host)"
        case .pause(let host): "pause \(host)"
        case .block(let from, let to): "block \(from) \(to)"
        case .partition(let one, let other): "partition \(one) \(other)"
        case .slow(let from, let to, let milliseconds): "slow \(from) \(to) \(milliseconds)"
        case .cut(let thousandths): "cut \(thousandths)"
        case .loss(let thousandths): "loss \(thousandths)"
        case .refuse(let host): "refuse \(host)"
        case .clock(let host, let seconds): "clock \(host) \(seconds)"
        case .drift(let host, let millionths): "drift \(host) \(millionths)"
        case .failWrites(let disk, let thousandths): "failwrites \(disk) \(thousandths)"
        case .failSyncs(let disk, let thousandths): "failsyncs \(disk) \(thousandths)"
        case .failReads(let disk, let thousandths): "failreads \(disk) \(thousandths)"
        case .fill(let disk, let bytes): "fill \(disk) \(bytes)"
        case .slowDisk(let disk, let milliseconds): "slowdisk \(disk) \(milliseconds)"
        case .lose(let disk): "lose \(disk)"
        case .rot(let disk): "rot \(disk)"
        case .decommission(let host): "decommission \(host)"
        case .takeOver: "takeover"
        case .balance: "balance"
        }
    }

    /// Reads a fault's words; nil when they say none.
    init?(_ words: [Substring]) {
        guard let keyword = words.first else { return nil }
        let places = words.dropFirst().map(String.init)
        let number = words.last.flatMap { Int($0) }
        switch (keyword, places.count) {
        case ("kill", 1): self = .kill(places[0])
        case ("power", 1): self = .power(places[0])
        case ("pause", 1): self = .pause(places[0])
        case ("refuse", 1): self = .refuse(places[0])
        case ("lose", 1): self = .lose(places[0])
        case ("rot", 1): self = .rot(places[0])
        case ("decommission", 1): self = .decommission(places[0])
        case ("takeover", 0): self = .takeOver
        case ("balance", 0): self = .balance
        case ("block", 2): self = .block(places[0], places[1])
        case ("partition", 2): self = .partition(places[0], places[1])
        default:
            guard let number else { return nil }
            self.init(keyword, places.dropLast(), number)
        }
    }

    private init?(_ keyword: Substring, _ places: [String], _ number: Int) {
        switch (keyword, places.count) {
        case ("slow", 2): self = .slow(places[0], places[1], number)
        case ("cut", 0): self = .cut(number)
        case ("loss", 0): self = .loss(number)
        case ("clock", 1): self = .clock(places[0], number)
        case ("drift", 1): self = .drift(places[0], number)
        case ("failwrites", 1): self = .failWrites(places[0], number)
        case ("failsyncs", 1): self = .failSyncs(places[0], number)
        case ("failreads", 1): self = .failReads(places[0], number)
        case ("fill", 1): self = .fill(places[0], number)
        case ("slowdisk", 1): self = .slowDisk(places[0], number)
        default: return nil
        }
    }
}
