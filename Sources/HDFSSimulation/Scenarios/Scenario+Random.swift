import HoneyWorld

extension Scenario {
    /// Makes a scenario up from a seed.
    package init(random seed: UInt64) {
        self.init()
        self.seed = seed
        var random = SeededRandom(seed: seed ^ 0x5CE_4A210)
        func draw(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
        sendsBytes = draw(0...3) == 0
        nameDisks = draw(1...2)
        checkpointTransactions = [15, 60, 1000][draw(0...2)]
        clients = draw(1...3)
        operations = draw(10...40)
        paceMilliseconds = [20, 300, 1500][draw(0...2)]
        network.jitterMicroseconds = [0, 100, 5000][draw(0...2)]
        network.lossThousandths = [0, 0, 10][draw(0...2)]
        network.cutThousandths = [0, 0, 10][draw(0...2)]
        let span = max(operations * (paceMilliseconds + 20), 3000)
        var maker = FaultMaker(scenario: self, random: random)
        for _ in 0..<draw(0...6) {
            guard let made = maker.make(before: span) else { continue }
            faults.append(made)
        }
        faults.sort { $0.atMilliseconds < $1.atMilliseconds }
    }
}

/// Makes up faults that a cluster must bear: never so many at once that something acknowledged may be lost.
struct FaultMaker {
    let scenario: Scenario
    var random: SeededRandom

    mutating func draw(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

    mutating func make(before span: Int) -> TimedFault? {
        let hosts = ["namenode"] + (0..<scenario.clients).map { "client\($0 + 1)" }
        guard let fault = draw(0...1) == 0 ? nameNodeFault() : networkFault(hosts) else { return nil }
        let length = [200, 3000, 30_000, 150_000][draw(0...3)]
        return TimedFault(
            atMilliseconds: draw(0...span), fault: fault, forMilliseconds: draw(length / 4...length))
    }

    private mutating func nameNodeFault() -> Fault? {
        switch draw(0...9) {
        case 0, 1: return .kill("namenode")
        case 2, 3, 4: return .power("namenode")
        case 5: return .pause("namenode")
        case 6: return .slowDisk("namenode:0", draw(50...2000))
        case 7: return .failSyncs("namenode:0", [100, 1000][draw(0...1)])
        case 8: return .failWrites("namenode:0", [100, 1000][draw(0...1)])
        default: return .fill("namenode:0", draw(0...2000))
        }
    }

    private mutating func networkFault(_ hosts: [String]) -> Fault? {
        let one = hosts[draw(0...hosts.count - 1)]
        let other = hosts[draw(0...hosts.count - 1)]
        switch draw(0...8) {
        case 0: return .cut(draw(20...300))
        case 1: return .loss(draw(20...300))
        case 2: return .refuse("namenode")
        case 3: return one == other ? nil : .partition(one, other)
        case 4: return one == other ? nil : .block(one, other)
        case 5: return one == other ? nil : .slow(one, other, draw(10...3000))
        case 6: return .clock(one, draw(-86_400...86_400))
        case 7: return .drift(one, draw(-100_000...100_000))
        default: return scenario.clients > 0 ? .kill("client\(draw(1...scenario.clients))") : nil
        }
    }
}
