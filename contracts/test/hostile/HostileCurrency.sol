// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @dev A currency that can be told to misbehave in every way that real ones do.
contract HostileCurrency {
    enum Manner {
        Honest,
        ReturnsNothing,
        ReturnsFalse,
        TakesAFee,
        PaysOneLess,
        CallsBack,
        CreditsTwice
    }

    Manner public manner;
    mapping(address account => uint256) public balanceOf;
    mapping(address owner => mapping(address spender => uint256)) public allowance;
    mapping(address account => bool) public frozen;
    address private _target;
    bytes private _call;
    bool public calledBack;
    bytes public reason;

    error Frozen(address account);

    constructor(Manner manner_) {
        manner = manner_;
    }

    function mint(address account, uint256 amount) external {
        balanceOf[account] += amount;
    }

    function burn(address account, uint256 amount) external {
        balanceOf[account] -= amount;
    }

    function freeze(address account, bool on) external {
        frozen[account] = on;
    }

    function setManner(Manner manner_) external {
        manner = manner_;
    }

    /// @dev What the next transfer does in its middle, as an ERC-777 hook would.
    function callBack(address target, bytes calldata call_) external {
        (_target, _call, manner) = (target, call_, Manner.CallsBack);
    }

    function approve(address spender, uint256 amount) external {
        allowance[msg.sender][spender] = amount;
        _answer();
    }

    function transfer(address to, uint256 amount) external {
        _move(msg.sender, to, amount);
        _answer();
    }

    function transferFrom(address from, address to, uint256 amount) external {
        allowance[from][msg.sender] -= amount;
        _move(from, to, amount);
        _answer();
    }

    function _move(address from, address to, uint256 amount) private {
        if (frozen[from]) revert Frozen(from);
        if (frozen[to]) revert Frozen(to);
        if (manner == Manner.ReturnsFalse) {
            return;
        }
        if (manner == Manner.CallsBack && !calledBack) {
            calledBack = true;
            bool done;
            (done, reason) = _target.call(_call);
        }
        balanceOf[from] -= amount;
        if (manner == Manner.TakesAFee) {
            amount -= amount / 100;
        } else if (manner == Manner.PaysOneLess) {
            amount -= 1;
        } else if (manner == Manner.CreditsTwice) {
            amount *= 2;
        }
        balanceOf[to] += amount;
    }

    function _answer() private view {
        bool nothing = manner == Manner.ReturnsNothing;
        bool answer = manner != Manner.ReturnsFalse;
        assembly ("memory-safe") {
            if nothing { return(0, 0) }
            mstore(0, answer)
            return(0, 32)
        }
    }
}
