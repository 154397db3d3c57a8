/// What a simulated disk does worse than it should.
package struct DiskFaults: Hashable, Sendable {
    /// Of so many thousand writes one fails, with a part of it written.
    package var writeFailureThousandths = 0
    /// Of so many thousand syncs one fails; what it was to make durable may never be, as with Linux.
    package var syncFailureThousandths = 0
    package var readFailureThousandths = 0
    /// Nothing works any more.
    package var isLost = false

    package init() {}

    package init(
        writeFailureThousandths: Int = 0, syncFailureThousandths: Int = 0, readFailureThousandths: Int = 0,
        isLost: Bool = false
    ) {
        self.writeFailureThousandths = writeFailureThousandths
        self.syncFailureThousandths = syncFailureThousandths
        self.readFailureThousandths = readFailureThousandths
        self.isLost = isLost
    }
}
