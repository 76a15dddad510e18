// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @dev A currency without permits (EIP-2612) that can be told to call itself otherwise, to burn gas, and to change an allowance only by way of
/// none at all, as the oldest of the dollars does: what tests of the node and of pages pay with.
/// Its creation code stands in tests/testdata/coins/plain-coin.hex; Coins.t.sol holds the two together.
contract PlainCoin {
    string public symbol;
    uint8 public decimals;
    /// @dev What each transfer takes more than it needs.
    uint256 public burns;
    bool public changesByWayOfZero;
    mapping(address account => uint256) public balanceOf;
    mapping(address owner => mapping(address spender => uint256)) public allowance;

    event Transfer(address indexed from, address indexed to, uint256 amount);
    event Approval(address indexed owner, address indexed spender, uint256 amount);

    constructor(string memory symbol_, uint8 decimals_) {
        (symbol, decimals) = (symbol_, decimals_);
    }

    function mint(address account, uint256 amount) external {
        balanceOf[account] += amount;
        emit Transfer(address(0), account, amount);
    }

    function rename(string calldata symbol_, uint8 decimals_) external {
        (symbol, decimals) = (symbol_, decimals_);
    }

    function burn(uint256 gas_) external {
        burns = gas_;
    }

    function changeByWayOfZero() external {
        changesByWayOfZero = true;
    }

    function approve(address spender, uint256 amount) external returns (bool) {
        require(!changesByWayOfZero || amount == 0 || allowance[msg.sender][spender] == 0);
        allowance[msg.sender][spender] = amount;
        emit Approval(msg.sender, spender, amount);
        return true;
    }

    function transfer(address to, uint256 amount) external returns (bool) {
        return _move(msg.sender, to, amount);
    }

    function transferFrom(address from, address to, uint256 amount) external returns (bool) {
        allowance[from][msg.sender] -= amount;
        return _move(from, to, amount);
    }

    function _move(address from, address to, uint256 amount) private returns (bool) {
        uint256 end = gasleft();
        end = burns > end ? 0 : end - burns;
        while (gasleft() > end) {}
        balanceOf[from] -= amount;
        balanceOf[to] += amount;
        emit Transfer(from, to, amount);
        return true;
    }
}

/// @dev A coin whose every answer takes all the gas there is.
contract MuteCoin {
    fallback() external {
        while (true) {}
    }
}
