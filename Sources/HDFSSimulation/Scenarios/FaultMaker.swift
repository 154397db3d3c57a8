import HoneyWorld

/// Makes up faults that a cluster must bear: never so many that something acknowledged may be lost.
///
/// Either a few DataNodes, fewer than there are replicas, lose power or have bad disks, and nothing else happens to DataNodes; or
/// all of them may be killed, stopped and cut off, but their disks keep what was written.
struct FaultMaker {
    let scenario: Scenario
    var random: SeededRandom
    /// The DataNodes that may lose something; none when all may be cut off.
    private var fragile: [String] = []
    private let clients: [String]
    private let nodes: [String]

    init(scenario: Scenario, random: SeededRandom) {
        self.scenario = scenario
        self.random = random
        nodes = (0..<scenario.dataNodes).map { "datanode\($0 + 1)" }
        clients =
            (0..<scenario.clients).map { "client\($0 + 1)" } + (0..<scenario.writers).map { "writer\($0 + 1)" }
            + (scenario.secondaryTransactions > 0 ? ["secondary"] : [])
        if scenario.replication > 1, draw(0...1) == 0 {
            fragile = Array(nodes.shuffled(using: &self.random).prefix(draw(1...scenario.replication - 1)))
        }
    }

    mutating func draw(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

    private mutating func one(of names: [String]) -> String? { names.randomElement(using: &random) }

    mutating func make(before span: Int) -> TimedFault? {
        let fault: Fault?
        switch draw(0...10) {
        case 0...2: fault = nameNodeFault()
        case 3, 4: fault = networkFault()
        case 5: fault = one(of: clients).map { $0 == "secondary" && draw(0...1) == 0 ? .power($0) : .kill($0) }
        case 6 where nodes.count > 1: fault = .balance
        default: fault = nodes.isEmpty ? nameNodeFault() : dataNodeFault()
        }
        guard let fault else { return nil }
        let length = [200, 3000, 3000, 30_000, 150_000][draw(0...4)]
        return TimedFault(
            atMilliseconds: draw(0...span), fault: fault, forMilliseconds: draw(length / 4...length))
    }

    private mutating func nameNodeFault() -> Fault {
        if scenario.hasStandby, draw(0...1) == 0 { return .takeOver }
        let name = scenario.hasStandby && draw(0...2) == 0 ? "namenode2" : "namenode"
        return switch draw(0...10) {
        case 0, 1: .kill(name)
        case 2, 3, 4: .power(name)
        case 5: .pause(name)
        case 6: .slowDisk(name + ":0", draw(50...2000))
        case 7: .failSyncs(name + ":0", [100, 1000][draw(0...1)])
        case 8: .failWrites(name + ":0", [100, 1000][draw(0...1)])
        case 9: .refuse(name)
        default: .fill(name + ":0", draw(0...2000))
        }
    }

    private mutating func dataNodeFault() -> Fault? {
        guard let name = one(of: fragile) else {
            guard let name = one(of: nodes) else { return nil }
            switch draw(0...6) {
            case 0, 1, 2: return .kill(name)
            case 3: return .pause(name)
            case 4: return .refuse(name)
            case 5: return nodes.count > 1 ? .decommission(name) : .kill(name)
            default: return .slowDisk("\(name):0", draw(50...2000))
            }
        }
        let disk = "\(name):\(draw(0...scenario.dataDisks - 1))"
        switch draw(0...9) {
        case 0: return .kill(name)
        case 1, 2, 3: return .power(name)
        case 4: return .lose(disk)
        case 5: return .rot(disk)
        case 6: return .fill(disk, draw(0...20_000))
        case 7: return .failWrites(disk, [50, 1000][draw(0...1)])
        case 8: return .failSyncs(disk, [50, 1000][draw(0...1)])
        default: return .failReads(disk, [50, 1000][draw(0...1)])
        }
    }

    private mutating func networkFault() -> Fault? {
        // Where disks may fail nobody must take a sound DataNode for a dead one.
        let hosts = ["namenode"] + (scenario.hasStandby ? ["namenode2"] : []) + clients + (fragile.isEmpty ? nodes : [])
        guard let first = one(of: hosts), var second = one(of: hosts) else { return nil }
        if !fragile.isEmpty { second = "namenode" }
        let isGlobal = fragile.isEmpty
        switch draw(0...6) {
        case 0: return isGlobal ? .cut(draw(20...300)) : nil
        case 1: return isGlobal ? .loss(draw(20...300)) : nil
        case 2: return first == second ? nil : .partition(first, second)
        case 3: return first == second ? nil : .block(first, second)
        case 4: return first == second ? nil : .slow(first, second, draw(10...3000))
        case 5: return .clock(first, draw(-86_400...86_400))
        default: return .drift(first, draw(-100_000...100_000))
        }
    }
}
