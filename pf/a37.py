match x:
    case 0:
        y
    case 1:
        z
