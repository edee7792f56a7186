match x:
    case 0:
        return 1
